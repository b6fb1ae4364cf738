package engine.kernel.simd;

import static engine.kernel.simd.SimdSpecies.F;
import static engine.kernel.simd.SimdSpecies.L;

import engine.kernel.scalar.Runs;
import jdk.incubator.vector.FloatVector;

/** Runs in vectors: whole vectors here, the rest by the definition. */
final class SimdRuns extends Runs {
  static final SimdRuns INSTANCE = new SimdRuns();

  private SimdRuns() {}

  private static FloatVector at(float[] x, int i) {
    return FloatVector.fromArray(F, x, i);
  }

  @Override
  public float sum(float[] x, int from, int n) {
    return SimdReduce.sum(x, from, n);
  }

  @Override
  public float max(float[] x, int from, int n) {
    return SimdReduce.max(x, from, n);
  }

  @Override
  public void exp(float[] x, int from, int n) {
    int i = from;
    for (; i + L <= from + n; i += L) {
      VectorMath.exp(at(x, i)).intoArray(x, i);
    }
    super.exp(x, i, from + n - i);
  }

  @Override
  public void exp(float[] x, int at, float m, float[] y, int n) {
    int whole = F.loopBound(n);
    for (int i = at; i < at + whole; i += L) {
      VectorMath.exp(at(x, i).sub(m)).intoArray(y, i);
    }
    super.exp(x, at + whole, m, y, n - whole);
  }

  @Override
  public void squares(float[] x, int at, float m, float[] out, int n) {
    int whole = F.loopBound(n);
    for (int i = 0; i < whole; i += L) {
      FloatVector d = at(x, at + i).sub(m);
      d.mul(d).intoArray(out, i);
    }
    for (int i = whole; i < n; i++) {
      float d = x[at + i] - m;
      out[i] = d * d;
    }
  }

  @Override
  protected void normalise(
      float[] x,
      int at,
      float m,
      float r,
      float[] weight,
      float[] bias,
      float[] y,
      int low,
      int n) {
    int i = low;
    for (; i + L <= n; i += L) {
      FloatVector v = at(x, at + i).sub(m).mul(r);
      if (weight != null) {
        v = v.mul(at(weight, i));
      }
      if (bias != null) {
        v = v.add(at(bias, i));
      }
      v.intoArray(y, at + i);
    }
    super.normalise(x, at, m, r, weight, bias, y, i, n);
  }

  @Override
  public void addProducts(
      float[] g, float[] x, int at, float m, float r, float[] sums, int to, int n) {
    int whole = F.loopBound(n);
    for (int i = 0; i < whole; i += L) {
      FloatVector xhat = at(x, at + i).sub(m).mul(r);
      at(sums, to + i).add(at(g, at + i).mul(xhat)).intoArray(sums, to + i);
    }
    super.addProducts(g, x, at + whole, m, r, sums, to + whole, n - whole);
  }

  @Override
  protected void gradTerms(
      float[] g,
      float[] x,
      int at,
      float m,
      float r,
      float[] weight,
      float[] h,
      float[] product,
      int low,
      int n) {
    int i = low;
    for (; i + L <= n; i += L) {
      FloatVector v = at(g, at + i);
      if (weight != null) {
        v = v.mul(at(weight, i));
      }
      v.intoArray(h, i);
      v.mul(at(x, at + i).sub(m).mul(r)).intoArray(product, i);
    }
    super.gradTerms(g, x, at, m, r, weight, h, product, i, n);
  }

  @Override
  public void gradient(
      float[] h,
      float[] x,
      int at,
      float m,
      float r,
      float a,
      float b,
      float[] gx,
      int low,
      int n) {
    int i = low;
    for (; i + L <= n; i += L) {
      FloatVector xhat = at(x, at + i).sub(m).mul(r);
      at(h, i).sub(a).sub(xhat.mul(b)).mul(r).intoArray(gx, at + i);
    }
    super.gradient(h, x, at, m, r, a, b, gx, i, n);
  }

  @Override
  public void rotate(
      float[] x,
      int at,
      float scale,
      float[] table,
      int cos,
      int sin,
      float[] y,
      int to,
      int low,
      int half) {
    int c = low;
    for (; c + L <= half; c += L) {
      FloatVector x1 = at(x, at + c).mul(scale);
      FloatVector x2 = at(x, at + half + c).mul(scale);
      FloatVector cosine = at(table, cos + c);
      FloatVector sine = at(table, sin + c);
      x1.mul(cosine).sub(x2.mul(sine)).intoArray(y, to + c);
      x2.mul(cosine).add(x1.mul(sine)).intoArray(y, to + half + c);
    }
    super.rotate(x, at, scale, table, cos, sin, y, to, c, half);
  }

  @Override
  public void rotateBack(
      float[] g,
      int at,
      float[] table,
      int cos,
      int sin,
      boolean add,
      float[] y,
      int to,
      int low,
      int half) {
    int c = low;
    for (; c + L <= half; c += L) {
      FloatVector g1 = at(g, at + c);
      FloatVector g2 = at(g, at + half + c);
      FloatVector cosine = at(table, cos + c);
      FloatVector sine = at(table, sin + c);
      FloatVector y1 = g1.mul(cosine).add(g2.mul(sine));
      FloatVector y2 = g2.mul(cosine).sub(g1.mul(sine));
      if (add) {
        y1 = at(y, to + c).add(y1);
        y2 = at(y, to + half + c).add(y2);
      }
      y1.intoArray(y, to + c);
      y2.intoArray(y, to + half + c);
    }
    super.rotateBack(g, at, table, cos, sin, add, y, to, c, half);
  }
}
