package engine.kernel.scalar;

import engine.numeric.Numerics;

/**
 * What norms, softmax and rotary embedding do with contiguous runs of floats: the definition, by
 * plain loops. The loops around it are shared by the backends of the CPU; the vector backend
 * overrides these, bit for bit.
 */
public class Runs {
  public static final Runs SCALAR = new Runs();

  protected Runs() {}

  /** The sum of x[from, from + n) in the order of N5 for inner = 1; +0 if n is 0. */
  public float sum(float[] x, int from, int n) {
    return ScalarReduce.sum(x, from, n);
  }

  /** The largest of x[from, from + n), n at least 1; NaN if any is; -0 and +0 count as equal. */
  public float max(float[] x, int from, int n) {
    float m = x[from];
    for (int i = 1; i < n; i++) {
      float v = x[from + i];
      m = Float.isNaN(m) || m > v ? m : v;
    }
    return m;
  }

  /** x[i] = exp(x[i]) for i in [from, from + n). */
  public void exp(float[] x, int from, int n) {
    for (int i = from; i < from + n; i++) {
      x[i] = Numerics.exp(x[i]);
    }
  }

  /** y[at + i] = exp(x[at + i] - m). */
  public void exp(float[] x, int at, float m, float[] y, int n) {
    for (int i = at; i < at + n; i++) {
      y[i] = Numerics.exp(x[i] - m);
    }
  }

  /** out[i] = (x[at + i] - m) * (x[at + i] - m). */
  public void squares(float[] x, int at, float m, float[] out, int n) {
    for (int i = 0; i < n; i++) {
      float d = x[at + i] - m;
      out[i] = d * d;
    }
  }

  /** y = ((x - m) * r) * weight + bias from {@code at} on, weight and bias from 0 on or null. */
  public final void normalise(
      float[] x, int at, float m, float r, float[] weight, float[] bias, float[] y, int n) {
    normalise(x, at, m, r, weight, bias, y, 0, n);
  }

  /** {@link #normalise} for the elements low to n. */
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
    for (int i = low; i < n; i++) {
      float v = (x[at + i] - m) * r;
      v = weight == null ? v : v * weight[i];
      y[at + i] = bias == null ? v : v + bias[i];
    }
  }

  /** sums[to + i] += g[at + i] * ((x[at + i] - m) * r). */
  public void addProducts(
      float[] g, float[] x, int at, float m, float r, float[] sums, int to, int n) {
    for (int i = 0; i < n; i++) {
      sums[to + i] += g[at + i] * ((x[at + i] - m) * r);
    }
  }

  /**
   * h = g * weight (g if that is null), product = h * ((x - m) * r); from 0 and from {@code at}.
   */
  public final void gradTerms(
      float[] g,
      float[] x,
      int at,
      float m,
      float r,
      float[] weight,
      float[] h,
      float[] product,
      int n) {
    gradTerms(g, x, at, m, r, weight, h, product, 0, n);
  }

  /** {@link #gradTerms} for the elements low to n. */
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
    for (int i = low; i < n; i++) {
      h[i] = weight == null ? g[at + i] : g[at + i] * weight[i];
      product[i] = h[i] * ((x[at + i] - m) * r);
    }
  }

  /** gx[at + i] = ((h[i] - a) - ((x[at + i] - m) * r) * b) * r, for i from low to n. */
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
    for (int i = low; i < n; i++) {
      gx[at + i] = ((h[i] - a) - ((x[at + i] - m) * r) * b) * r;
    }
  }

  /**
   * With x1 = x[at + c] * scale, x2 = x[at + half + c] * scale: y[to + c] = x1 * cos - x2 * sin,
   * y[to + half + c] = x2 * cos + x1 * sin, for c from low to half; cosines at table[cos + c].
   */
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
    for (int c = low; c < half; c++) {
      float x1 = x[at + c] * scale;
      float x2 = x[at + half + c] * scale;
      y[to + c] = x1 * table[cos + c] - x2 * table[sin + c];
      y[to + half + c] = x2 * table[cos + c] + x1 * table[sin + c];
    }
  }

  /**
   * y[to + c] (+)= g1 * cos + g2 * sin, y[to + half + c] (+)= g2 * cos - g1 * sin, with g1 = g[at +
   * c], g2 = g[at + half + c]; adds to y if {@code add}, else sets it.
   */
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
    for (int c = low; c < half; c++) {
      float g1 = g[at + c];
      float g2 = g[at + half + c];
      float y1 = g1 * table[cos + c] + g2 * table[sin + c];
      float y2 = g2 * table[cos + c] - g1 * table[sin + c];
      y[to + c] = add ? y[to + c] + y1 : y1;
      y[to + half + c] = add ? y[to + half + c] + y2 : y2;
    }
  }
}
