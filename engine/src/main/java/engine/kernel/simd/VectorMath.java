package engine.kernel.simd;

import static engine.numeric.Coefficients.*;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.FMA;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.NE;
import static jdk.incubator.vector.VectorOperators.XOR;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * The elementary functions of {@link engine.numeric.Numerics} on vectors of any width: the same
 * steps in the same order, hence the same bits in every lane. What each function is, its errors and
 * its particular results are written there.
 *
 * <p>A vector lives in registers only where the whole of a loop is compiled into one method. The
 * compiler inlines the Vector API without limit, but methods of our own only until a method has
 * grown to 18,000 nodes, some 40 vector operations. Hence no small helpers here, and the few parts
 * that functions share are called early. A kernel's loop should call one of these functions, and
 * first.
 *
 * <p>Uses no lane-wise EXP, LOG, SIN and the like: their bits differ between cold and compiled
 * code.
 */
public final class VectorMath {
  private static final int ONE_BITS = 0x3F800000;

  private VectorMath() {}

  public static FloatVector exp(FloatVector x) {
    FloatVector y = expWithin(x);
    y = y.blend(0f, x.compare(LT, EXP_LOWEST));
    y = y.blend(Float.POSITIVE_INFINITY, x.compare(GT, EXP_HIGHEST));
    return y.blend(Float.NaN, x.compare(NE, x));
  }

  private static FloatVector expWithin(FloatVector x) {
    FloatVector t = x.fma(LOG2_E, ROUND);
    FloatVector n = t.sub(ROUND);
    FloatVector high = n.lanewise(FMA, -LN2_HI, x);
    FloatVector low = n.mul(-LN2_LO);
    FloatVector sum = high.add(1f);
    FloatVector y = sum.add(high.sub(sum.sub(1f)).add(expTail(high, low)));
    // Shifted by a vector: in a long method the shift by a scalar is left as a call.
    IntVector bits = t.reinterpretAsInts();
    IntVector power = bits.lanewise(LSHL, bits.broadcast(23));
    return y.reinterpretAsInts().add(power).reinterpretAsFloats();
  }

  private static FloatVector expTail(FloatVector high, FloatVector low) {
    FloatVector r = high.add(low);
    FloatVector q = r.fma(EXP_C4, EXP_C3);
    q = q.lanewise(FMA, r, EXP_C2);
    q = q.lanewise(FMA, r, EXP_C1);
    q = q.lanewise(FMA, r, EXP_C0);
    return r.mul(r).fma(q, low);
  }

  public static FloatVector expm1(FloatVector x) {
    FloatVector t = x.fma(LOG2_E, ROUND);
    FloatVector n = t.sub(ROUND);
    FloatVector high = n.lanewise(FMA, -LN2_HI, x);
    FloatVector p = high.add(expTail(high, n.mul(-LN2_LO)));
    FloatVector half = t.reinterpretAsInts().add(126).lanewise(LSHL, 23).reinterpretAsFloats();
    FloatVector y = half.fma(p, half.sub(0.5f)).mul(2f);
    y = y.blend(-1f, x.compare(LT, EXPM1_LOWEST));
    y = y.blend(Float.POSITIVE_INFINITY, x.compare(GT, EXP_HIGHEST));
    y = y.blend(x, x.abs().compare(LT, TINY));
    return y.blend(Float.NaN, x.compare(NE, x));
  }

  public static FloatVector log(FloatVector x) {
    VectorMask<Float> small = x.compare(LT, MIN_NORMAL);
    FloatVector a = x.blend(x.mul(0x1p23f), small);
    IntVector bits = a.reinterpretAsInts();
    IntVector e = bits.sub(SQRT_HALF_BITS).lanewise(VectorOperators.ASHR, 23);
    FloatVector f = bits.sub(e.lanewise(LSHL, 23)).reinterpretAsFloats().sub(1f);
    FloatVector k =
        e.add(ROUND_BITS)
            .reinterpretAsFloats()
            .sub(ROUND)
            .add(FloatVector.broadcast(x.species(), 0f).blend(-23f, small));
    FloatVector y = logSum(f, k, k.mul(LN2_LO));
    y = y.blend(Float.POSITIVE_INFINITY, x.compare(GT, Float.MAX_VALUE));
    y = y.blend(Float.NEGATIVE_INFINITY, x.compare(EQ, 0f));
    return FloatVector.broadcast(x.species(), Float.NaN).blend(y, x.compare(GE, 0f));
  }

  private static FloatVector logSum(FloatVector f, FloatVector k, FloatVector low) {
    FloatVector p = f.fma(LOG_C7, LOG_C6);
    p = p.lanewise(FMA, f, LOG_C5);
    p = p.lanewise(FMA, f, LOG_C4);
    p = p.lanewise(FMA, f, LOG_C3);
    p = p.lanewise(FMA, f, LOG_C2);
    p = p.lanewise(FMA, f, LOG_C1);
    p = p.lanewise(FMA, f, LOG_C0);
    FloatVector y = f.mul(f).mul(f).fma(p, low);
    y = f.mul(-0.5f).fma(f, y);
    return k.lanewise(FMA, LN2_HI, f.add(y));
  }

  public static FloatVector log1p(FloatVector x) {
    FloatVector one = FloatVector.broadcast(x.species(), 1f);
    FloatVector u = one.add(x);
    FloatVector back = u.sub(one);
    FloatVector c = one.sub(u.sub(back)).add(x.sub(back));
    IntVector bits = u.reinterpretAsInts();
    IntVector e = bits.sub(SQRT_HALF_BITS).lanewise(VectorOperators.ASHR, 23);
    FloatVector m = bits.sub(e.lanewise(LSHL, 23)).reinterpretAsFloats().sub(one);
    FloatVector k = e.add(ROUND_BITS).reinterpretAsFloats().sub(ROUND);
    VectorMask<Float> near = k.compare(EQ, 0f);
    FloatVector low = k.lanewise(FMA, LN2_LO, c.div(u).blend(0f, near));
    FloatVector y = logSum(m.blend(x, near), k, low);
    y = y.blend(Float.POSITIVE_INFINITY, x.compare(GT, Float.MAX_VALUE));
    y = y.blend(Float.NEGATIVE_INFINITY, x.compare(EQ, -1f));
    y = y.blend(x, x.abs().compare(LT, TINY));
    return FloatVector.broadcast(x.species(), Float.NaN).blend(y, x.compare(GE, -1f));
  }

  public static FloatVector softplus(FloatVector x) {
    FloatVector e = decay(x.abs());
    VectorMask<Float> large = e.compare(GT, SOFTPLUS_SPLIT);
    FloatVector f = e.blend(e.fma(0.5f, -0.5f), large);
    FloatVector k = FloatVector.broadcast(x.species(), 0f).blend(1f, large);
    FloatVector sum = logSum(f, k, k.mul(LN2_LO));
    FloatVector positive = FloatVector.broadcast(x.species(), 0f).blend(x, x.compare(GT, 0f));
    FloatVector y = positive.add(sum);
    return y.blend(Float.NaN, x.compare(NE, x));
  }

  private static FloatVector decay(FloatVector a) {
    return expWithin(a.neg()).blend(0f, a.compare(GT, -EXP_LOWEST));
  }

  public static FloatVector sigmoid(FloatVector x) {
    FloatVector e = decay(x.abs());
    FloatVector y = e.blend(1f, x.compare(GE, 0f)).div(e.add(1f));
    return y.blend(Float.NaN, x.compare(NE, x));
  }

  public static FloatVector silu(FloatVector x) {
    FloatVector e = decay(x.abs());
    FloatVector y = x.mul(e).blend(x, x.compare(GE, 0f)).div(e.add(1f));
    y = y.blend(-0f, x.compare(LT, ACTIVATION_LOWEST));
    return y.blend(Float.NaN, x.compare(NE, x));
  }

  public static FloatVector tanh(FloatVector x) {
    FloatVector a = x.abs();
    FloatVector u = a.mul(a);
    FloatVector p = u.fma(TANH_C4, TANH_C3);
    p = p.lanewise(FMA, u, TANH_C2);
    p = p.lanewise(FMA, u, TANH_C1);
    p = p.lanewise(FMA, u, TANH_C0);
    FloatVector small = a.mul(u).fma(p, a);
    FloatVector bounded = a.blend(TANH_HIGHEST, a.compare(GT, TANH_HIGHEST));
    FloatVector quotient =
        FloatVector.broadcast(x.species(), 2f).div(expWithin(bounded.mul(2f)).add(1f));
    FloatVector large = FloatVector.broadcast(x.species(), 1f).sub(quotient);
    FloatVector y = large.blend(small, a.compare(LT, TANH_SPLIT));
    y = y.reinterpretAsInts().or(x.reinterpretAsInts().and(SIGN_BIT)).reinterpretAsFloats();
    return y.blend(Float.NaN, x.compare(NE, x));
  }

  public static FloatVector erf(FloatVector x) {
    FloatVector a = x.abs();
    FloatVector bounded = a.blend(ERF_HIGHEST, a.compare(GT, ERF_HIGHEST));
    FloatVector small = erfSmall(bounded);
    FloatVector large = FloatVector.broadcast(x.species(), 1f).sub(expWithin(logErfc(bounded)));
    FloatVector y = large.blend(small, a.compare(LT, ERF_SPLIT));
    y = y.reinterpretAsInts().or(x.reinterpretAsInts().and(SIGN_BIT)).reinterpretAsFloats();
    return y.blend(Float.NaN, x.compare(NE, x));
  }

  private static FloatVector erfSmall(FloatVector a) {
    FloatVector u = a.mul(a);
    FloatVector p = u.fma(ERF_C6, ERF_C5);
    p = p.lanewise(FMA, u, ERF_C4);
    p = p.lanewise(FMA, u, ERF_C3);
    p = p.lanewise(FMA, u, ERF_C2);
    p = p.lanewise(FMA, u, ERF_C1);
    p = p.lanewise(FMA, u, ERF_C0);
    return p.fma(a, a);
  }

  private static FloatVector logErfc(FloatVector a) {
    FloatVector p = a.fma(ERFC_C6, ERFC_C5);
    p = p.lanewise(FMA, a, ERFC_C4);
    p = p.lanewise(FMA, a, ERFC_C3);
    p = p.lanewise(FMA, a, ERFC_C2);
    p = p.lanewise(FMA, a, ERFC_C1);
    return p.lanewise(FMA, a, ERFC_C0);
  }

  public static FloatVector gelu(FloatVector x) {
    FloatVector y = x.mul(0.5f).mul(erf(x.mul(SQRT_HALF)).add(1f));
    y = y.blend(-0f, x.compare(LT, ACTIVATION_LOWEST));
    return y.blend(Float.NaN, x.compare(NE, x));
  }

  public static FloatVector sin(FloatVector x) {
    FloatVector a = x.abs();
    FloatVector t = a.fma(TWO_OVER_PI, ROUND);
    IntVector sign = x.reinterpretAsInts().and(SIGN_BIT);
    FloatVector y = quadrant(a, t, t.reinterpretAsInts(), sign);
    return FloatVector.broadcast(x.species(), Float.NaN).blend(y, a.compare(LE, TRIG_LIMIT));
  }

  public static FloatVector cos(FloatVector x) {
    FloatVector a = x.abs();
    FloatVector t = a.fma(TWO_OVER_PI, ROUND);
    IntVector q = t.reinterpretAsInts().add(1);
    FloatVector y = quadrant(a, t, q, q.sub(q));
    return FloatVector.broadcast(x.species(), Float.NaN).blend(y, a.compare(LE, TRIG_LIMIT));
  }

  private static FloatVector quadrant(FloatVector a, FloatVector t, IntVector q, IntVector sign) {
    FloatVector n = t.sub(ROUND);
    FloatVector r = n.lanewise(FMA, -HALF_PI_A, a);
    r = n.lanewise(FMA, -HALF_PI_B, r);
    r = n.lanewise(FMA, -HALF_PI_C, r);
    FloatVector u = r.mul(r);
    FloatVector s = u.fma(SIN_C2, SIN_C1).lanewise(FMA, u, SIN_C0);
    s = r.mul(u).fma(s, r);
    FloatVector c = u.fma(COS_C2, COS_C1).lanewise(FMA, u, COS_C0);
    c = u.mul(u).fma(c, u.fma(-0.5f, 1f));
    VectorMask<Float> even = q.and(1).compare(EQ, 0).cast(a.species());
    IntVector y = c.blend(s, even).reinterpretAsInts();
    return y.lanewise(XOR, sign).lanewise(XOR, q.and(2).lanewise(LSHL, 30)).reinterpretAsFloats();
  }

  public static FloatVector atan2(FloatVector y, FloatVector x) {
    FloatVector ay = y.abs();
    FloatVector ax = x.abs();
    VectorMask<Float> steep = ay.compare(GT, ax);
    FloatVector low = ay.blend(ax, steep);
    FloatVector high = ax.blend(ay, steep);
    FloatVector a = low.div(high);
    a = a.blend(0f, high.compare(EQ, 0f));
    a = a.blend(1f, low.compare(GT, Float.MAX_VALUE));
    FloatVector p = atan01(a);
    p = p.blend(FloatVector.broadcast(x.species(), HALF_PI_A).sub(p).add(HALF_PI_B), steep);
    // one with the sign of x: tells -0 from +0 without leaving the float masks
    FloatVector ones = x.reinterpretAsInts().and(SIGN_BIT).or(ONE_BITS).reinterpretAsFloats();
    p = p.blend(FloatVector.broadcast(x.species(), PI_HI).sub(p).add(PI_LO), ones.compare(LT, 0f));
    p = p.reinterpretAsInts().or(y.reinterpretAsInts().and(SIGN_BIT)).reinterpretAsFloats();
    return p.blend(Float.NaN, y.compare(NE, y)).blend(Float.NaN, x.compare(NE, x));
  }

  private static FloatVector atan01(FloatVector a) {
    FloatVector u = a.mul(a);
    FloatVector p = u.fma(ATAN_C8, ATAN_C7);
    p = p.lanewise(FMA, u, ATAN_C6);
    p = p.lanewise(FMA, u, ATAN_C5);
    p = p.lanewise(FMA, u, ATAN_C4);
    p = p.lanewise(FMA, u, ATAN_C3);
    p = p.lanewise(FMA, u, ATAN_C2);
    p = p.lanewise(FMA, u, ATAN_C1);
    p = p.lanewise(FMA, u, ATAN_C0);
    return a.mul(u).fma(p, a);
  }

  public static FloatVector sqrt(FloatVector x) {
    return FloatVector.broadcast(x.species(), Float.NaN).blend(x.sqrt(), x.compare(GE, 0f));
  }

  public static FloatVector rsqrt(FloatVector x) {
    return FloatVector.broadcast(x.species(), Float.NaN)
        .blend(FloatVector.broadcast(x.species(), 1f).div(x.sqrt()), x.compare(GE, 0f));
  }

  /** The same power for all lanes. */
  public static FloatVector powi(FloatVector x, int n) {
    FloatVector result = FloatVector.broadcast(x.species(), 1f);
    FloatVector square = x;
    for (int bits = Math.abs(n); bits != 0; bits >>>= 1) {
      if ((bits & 1) != 0) {
        result = result.mul(square);
      }
      square = square.mul(square);
    }
    FloatVector y = n < 0 ? FloatVector.broadcast(x.species(), 1f).div(result) : result;
    return y.blend(Float.NaN, result.compare(NE, result));
  }

  public static FloatVector max(FloatVector a, FloatVector b) {
    FloatVector y = b.blend(a, a.compare(GT, b));
    return y.blend(Float.NaN, b.compare(NE, b)).blend(Float.NaN, a.compare(NE, a));
  }

  public static FloatVector min(FloatVector a, FloatVector b) {
    FloatVector y = b.blend(a, a.compare(LT, b));
    return y.blend(Float.NaN, b.compare(NE, b)).blend(Float.NaN, a.compare(NE, a));
  }
}
