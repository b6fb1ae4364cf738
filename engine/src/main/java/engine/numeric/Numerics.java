package engine.numeric;

import static engine.numeric.Coefficients.*;

/**
 * Elementary functions of the numeric contract (N12), scalar form: the definition.
 *
 * <p>Built from +, *, /, sqrt, fma, comparisons and bit operations on float32, each step rounded as
 * written, so that the vector form ({@code engine.kernel.simd.VectorMath}) and the device form give
 * the same bits for every argument. There are no branches, only choices between two computed
 * values.
 *
 * <p>Rules for all: a NaN result is always {@link Float#NaN} (bits 0x7FC00000), whatever NaN went
 * in; denormal arguments count at full value. Errors are in units in the last place (ulp) of the
 * exact result where that is a normal number; docs/numerics.md has the largest that was found over
 * all arguments that matter, NumericsTest holds them.
 *
 * <pre>
 *   function  error, ulp  range and particular results
 *   exp          0.70     +0 below -87.336540 (where e^x &lt; 2^-126), +inf above 88.722832
 *   expm1        1.55     -1 below -18, +inf above 88.722832, -0 at -0
 *   log          0.80     -inf at +-0, NaN below
 *   log1p        0.80     -inf at -1, NaN below, -0 at -0
 *   softplus     1.75     +0 where exp is
 *   sigmoid      2.45     +0 where exp is; the bound is for normal results
 *   silu         3.15     -0 where exp is 0, so also at -inf
 *   tanh         1.35     -0 at -0
 *   erf          1.10     -0 at -0
 *   gelu          -       1.5e-7 max(1, |x|) absolute, for its tail cancels; -0 at -inf
 *   sin, cos     1.85     |x| &lt;= 2^20, NaN beyond; sin -0 at -0
 *   atan2        1.55     as IEEE 754 at zeros and infinities
 *   sqrt         0.50     NaN below 0, -0 at -0
 *   rsqrt        1.50     NaN below 0, +-inf at +-0
 *   powi n       -        0.5 for n = 2 and -1, 1.35 for 3, 2 for 4, 2.5 for -3, about 0.75 |n| above;
 *                         for n &lt; 0 while x^-n is a normal number
 * </pre>
 */
public final class Numerics {
  private Numerics() {}

  /** e^x. Results below 2^-126 are +0, so that decays make no denormals. */
  public static float exp(float x) {
    float y = expWithin(x);
    y = x < EXP_LOWEST ? 0f : y;
    y = x > EXP_HIGHEST ? Float.POSITIVE_INFINITY : y;
    return canonical(x, y);
  }

  /**
   * e^x for EXP_LOWEST <= x <= EXP_HIGHEST: x = n ln 2 + r and e^x = 2^n e^r. r stays in two parts,
   * and so does 1 + r, which leaves little more than the last rounding.
   */
  private static float expWithin(float x) {
    float t = Math.fma(x, LOG2_E, ROUND);
    float n = t - ROUND;
    float high = Math.fma(n, -LN2_HI, x);
    float low = n * -LN2_LO;
    float sum = 1f + high;
    float y = sum + ((high - (sum - 1f)) + expTail(high, low));
    // The low bits of t hold n; the shift drops the rest. Adding n to the exponent is exact.
    return Float.intBitsToFloat(Float.floatToRawIntBits(y) + (Float.floatToRawIntBits(t) << 23));
  }

  /** e^r - 1 - high for r = high + low. */
  private static float expTail(float high, float low) {
    float r = high + low;
    float q = Math.fma(EXP_C4, r, EXP_C3);
    q = Math.fma(q, r, EXP_C2);
    q = Math.fma(q, r, EXP_C1);
    q = Math.fma(q, r, EXP_C0);
    return Math.fma(r * r, q, low);
  }

  /** e^x - 1, without cancellation near 0. */
  public static float expm1(float x) {
    float t = Math.fma(x, LOG2_E, ROUND);
    float n = t - ROUND;
    float high = Math.fma(n, -LN2_HI, x);
    float p = high + expTail(high, n * -LN2_LO);
    // half = 2^(n-1), since 2^128 is no float
    float half = Float.intBitsToFloat((Float.floatToRawIntBits(t) + 126) << 23);
    float y = Math.fma(half, p, half - 0.5f) * 2f;
    y = x < EXPM1_LOWEST ? -1f : y;
    y = x > EXP_HIGHEST ? Float.POSITIVE_INFINITY : y;
    y = Math.abs(x) < TINY ? x : y;
    return canonical(x, y);
  }

  /** Natural logarithm. log(+-0) = -inf, log(+inf) = +inf, NaN below 0. */
  public static float log(float x) {
    boolean small = x < MIN_NORMAL;
    float a = small ? x * 0x1p23f : x;
    int bits = Float.floatToRawIntBits(a);
    int e = (bits - SQRT_HALF_BITS) >> 23;
    float f = Float.intBitsToFloat(bits - (e << 23)) - 1f;
    float k = smallFloat(e) + (small ? -23f : 0f);
    float y = logSum(f, k, k * LN2_LO);
    y = x > Float.MAX_VALUE ? Float.POSITIVE_INFINITY : y;
    y = x == 0f ? Float.NEGATIVE_INFINITY : y;
    return x >= 0f ? y : Float.NaN;
  }

  /** k ln 2 + log(1 + f), {@code low} being the part of the sum too small to be added first. */
  private static float logSum(float f, float k, float low) {
    float p = Math.fma(LOG_C7, f, LOG_C6);
    p = Math.fma(p, f, LOG_C5);
    p = Math.fma(p, f, LOG_C4);
    p = Math.fma(p, f, LOG_C3);
    p = Math.fma(p, f, LOG_C2);
    p = Math.fma(p, f, LOG_C1);
    p = Math.fma(p, f, LOG_C0);
    float y = Math.fma(f * f * f, p, low);
    y = Math.fma(f * -0.5f, f, y);
    return Math.fma(k, LN2_HI, f + y);
  }

  /** log(1 + x), without cancellation near 0. log1p(-1) = -inf, NaN below -1. */
  public static float log1p(float x) {
    float u = 1f + x;
    // 1 + x = u + c exactly (the sum's rounding error, Knuth)
    float back = u - 1f;
    float c = (1f - (u - back)) + (x - back);
    int bits = Float.floatToRawIntBits(u);
    int e = (bits - SQRT_HALF_BITS) >> 23;
    float m = Float.intBitsToFloat(bits - (e << 23)) - 1f;
    float k = smallFloat(e);
    boolean near = k == 0f;
    float f = near ? x : m;
    float y = logSum(f, k, Math.fma(k, LN2_LO, near ? 0f : c / u));
    y = x > Float.MAX_VALUE ? Float.POSITIVE_INFINITY : y;
    y = x == -1f ? Float.NEGATIVE_INFINITY : y;
    y = Math.abs(x) < TINY ? x : y;
    return x >= -1f ? y : Float.NaN;
  }

  /** log(1 + e^x) = max(x, 0) + log(1 + e^-|x|). +0 where e^x is. */
  public static float softplus(float x) {
    float e = decay(Math.abs(x));
    // 1 + e = 2^k (1 + f), f without rounding that matters
    boolean large = e > SOFTPLUS_SPLIT;
    float f = large ? Math.fma(e, 0.5f, -0.5f) : e;
    float k = large ? 1f : 0f;
    float y = (x > 0f ? x : 0f) + logSum(f, k, k * LN2_LO);
    return canonical(x, y);
  }

  /** e^-a for a >= 0, +0 below 2^-126. */
  private static float decay(float a) {
    return a > -EXP_LOWEST ? 0f : expWithin(-a);
  }

  /** 1 / (1 + e^-x). +0 where e^x is. */
  public static float sigmoid(float x) {
    float e = decay(Math.abs(x));
    float y = (x >= 0f ? 1f : e) / (1f + e);
    return canonical(x, y);
  }

  /** x sigmoid(x). -0 where e^x is 0. */
  public static float silu(float x) {
    float e = decay(Math.abs(x));
    float y = (x >= 0f ? x : x * e) / (1f + e);
    y = x < ACTIVATION_LOWEST ? -0f : y;
    return canonical(x, y);
  }

  /** Hyperbolic tangent. */
  public static float tanh(float x) {
    float a = Math.abs(x);
    float u = a * a;
    float p = Math.fma(TANH_C4, u, TANH_C3);
    p = Math.fma(p, u, TANH_C2);
    p = Math.fma(p, u, TANH_C1);
    p = Math.fma(p, u, TANH_C0);
    float small = Math.fma(a * u, p, a);
    float bounded = a > TANH_HIGHEST ? TANH_HIGHEST : a;
    float large = 1f - 2f / (1f + expWithin(bounded * 2f));
    return canonical(x, withSign(a < TANH_SPLIT ? small : large, x));
  }

  /** Error function 2/sqrt(pi) times the integral of exp(-t^2) from 0 to x. */
  public static float erf(float x) {
    float a = Math.abs(x);
    float bounded = a > ERF_HIGHEST ? ERF_HIGHEST : a;
    float small = erfSmall(bounded);
    float large = 1f - expWithin(logErfc(bounded));
    return canonical(x, withSign(a < ERF_SPLIT ? small : large, x));
  }

  private static float erfSmall(float a) {
    float u = a * a;
    float p = Math.fma(ERF_C6, u, ERF_C5);
    p = Math.fma(p, u, ERF_C4);
    p = Math.fma(p, u, ERF_C3);
    p = Math.fma(p, u, ERF_C2);
    p = Math.fma(p, u, ERF_C1);
    p = Math.fma(p, u, ERF_C0);
    return Math.fma(p, a, a);
  }

  private static float logErfc(float a) {
    float p = Math.fma(ERFC_C6, a, ERFC_C5);
    p = Math.fma(p, a, ERFC_C4);
    p = Math.fma(p, a, ERFC_C3);
    p = Math.fma(p, a, ERFC_C2);
    p = Math.fma(p, a, ERFC_C1);
    return Math.fma(p, a, ERFC_C0);
  }

  /** x Phi(x) = x/2 (1 + erf(x / sqrt 2)), the form with the error function. */
  public static float gelu(float x) {
    float y = 0.5f * x * (1f + erf(x * SQRT_HALF));
    y = x < ACTIVATION_LOWEST ? -0f : y;
    return canonical(x, y);
  }

  /** Sine of x radians, |x| <= 2^20; NaN beyond, where float32 has no angle worth the name. */
  public static float sin(float x) {
    float a = Math.abs(x);
    float t = Math.fma(a, TWO_OVER_PI, ROUND);
    int sign = Float.floatToRawIntBits(x) & SIGN_BIT;
    float y = quadrant(a, t, Float.floatToRawIntBits(t), sign);
    return a <= TRIG_LIMIT ? y : Float.NaN;
  }

  /** Cosine of x radians, |x| <= 2^20; NaN beyond. */
  public static float cos(float x) {
    float a = Math.abs(x);
    float t = Math.fma(a, TWO_OVER_PI, ROUND);
    float y = quadrant(a, t, Float.floatToRawIntBits(t) + 1, 0);
    return a <= TRIG_LIMIT ? y : Float.NaN;
  }

  /** a = n pi/2 + r: sine or cosine of r as {@code q} is even or odd, negated where q & 2. */
  private static float quadrant(float a, float t, int q, int sign) {
    float n = t - ROUND;
    float r = Math.fma(n, -HALF_PI_A, a);
    r = Math.fma(n, -HALF_PI_B, r);
    r = Math.fma(n, -HALF_PI_C, r);
    float u = r * r;
    float s = Math.fma(SIN_C2, u, SIN_C1);
    s = Math.fma(s, u, SIN_C0);
    s = Math.fma(r * u, s, r);
    float c = Math.fma(COS_C2, u, COS_C1);
    c = Math.fma(c, u, COS_C0);
    c = Math.fma(u * u, c, Math.fma(-0.5f, u, 1f));
    float y = (q & 1) == 0 ? s : c;
    return Float.intBitsToFloat(Float.floatToRawIntBits(y) ^ sign ^ ((q & 2) << 30));
  }

  /** Angle of the point (x, y) in [-pi, pi]; signed zeros and infinities as in IEEE 754. */
  public static float atan2(float y, float x) {
    float ay = Math.abs(y);
    float ax = Math.abs(x);
    boolean steep = ay > ax;
    float low = steep ? ax : ay;
    float high = steep ? ay : ax;
    float a = low / high;
    a = high == 0f ? 0f : a;
    a = low > Float.MAX_VALUE ? 1f : a;
    float p = atan01(a);
    p = steep ? (HALF_PI_A - p) + HALF_PI_B : p;
    p = Float.floatToRawIntBits(x) < 0 ? (PI_HI - p) + PI_LO : p;
    return canonical(x, canonical(y, withSign(p, y)));
  }

  private static float atan01(float a) {
    float u = a * a;
    float p = Math.fma(ATAN_C8, u, ATAN_C7);
    p = Math.fma(p, u, ATAN_C6);
    p = Math.fma(p, u, ATAN_C5);
    p = Math.fma(p, u, ATAN_C4);
    p = Math.fma(p, u, ATAN_C3);
    p = Math.fma(p, u, ATAN_C2);
    p = Math.fma(p, u, ATAN_C1);
    p = Math.fma(p, u, ATAN_C0);
    return Math.fma(a * u, p, a);
  }

  /** Square root, correctly rounded; NaN below 0, sqrt(-0) = -0. */
  public static float sqrt(float x) {
    float y = (float) Math.sqrt(x);
    return x >= 0f ? y : Float.NaN;
  }

  /** 1 / sqrt(x), two correctly rounded steps; NaN below 0, rsqrt(+-0) = +-inf. */
  public static float rsqrt(float x) {
    float y = 1f / (float) Math.sqrt(x);
    return x >= 0f ? y : Float.NaN;
  }

  /**
   * x^n by squaring, lowest bit of n first; for n < 0 the reciprocal of x^-n. powi(x, 0) = 1 for
   * every x. Where x^|n| overflows, a negative n gives +-0.
   */
  public static float powi(float x, int n) {
    float result = 1f;
    float square = x;
    for (int bits = Math.abs(n); bits != 0; bits >>>= 1) {
      if ((bits & 1) != 0) {
        result *= square;
      }
      square *= square;
    }
    return canonical(result, n < 0 ? 1f / result : result);
  }

  /**
   * The larger; NaN if either is NaN; {@code b} where they are equal (which shows for +0 and -0).
   */
  public static float max(float a, float b) {
    float y = a > b ? a : b;
    return canonical(a, canonical(b, y));
  }

  /**
   * The smaller; NaN if either is NaN; {@code b} where they are equal (which shows for +0 and -0).
   */
  public static float min(float a, float b) {
    float y = a < b ? a : b;
    return canonical(a, canonical(b, y));
  }

  /** The integer as a float, for sizes below 2^22: exact, and cheaper than a conversion. */
  private static float smallFloat(int k) {
    return Float.intBitsToFloat(k + ROUND_BITS) - ROUND;
  }

  /** y, or the one NaN where x is any NaN. */
  private static float canonical(float x, float y) {
    return Float.isNaN(x) ? Float.NaN : y;
  }

  /** y >= +0 with the sign bit of x. */
  private static float withSign(float y, float x) {
    return Float.intBitsToFloat(
        Float.floatToRawIntBits(y) | (Float.floatToRawIntBits(x) & SIGN_BIT));
  }
}
