package engine.kernel.scalar;

import static engine.numeric.WinogradPoints.AT_FAR;
import static engine.numeric.WinogradPoints.AT_NEAR;
import static engine.numeric.WinogradPoints.AT_ZERO;
import static engine.numeric.WinogradPoints.FAR;
import static engine.numeric.WinogradPoints.FAR_2;
import static engine.numeric.WinogradPoints.FAR_3;
import static engine.numeric.WinogradPoints.NEAR;
import static engine.numeric.WinogradPoints.NEAR_2;
import static engine.numeric.WinogradPoints.NEAR_3;

/**
 * Winograd's F(4,3) along one line, at the points 0, a, -a, b, -b, infinity of {@link
 * engine.numeric.WinogradPoints}, in this order. Every operation and every fma is rounded.
 */
final class ScalarWinogradLines {
  private ScalarWinogradLines() {}

  /**
   * Weights: the polynomial g0 + g1 x + g2 x^2 at a point, over the product of the point's
   * differences to the other finite ones; at infinity g2.
   */
  static void weights(float[] g, int at, int step, float[] u, int to, int stride) {
    float g0 = g[at];
    float g1 = g[at + step];
    float g2 = g[at + 2 * step];
    float near = Math.fma(NEAR_2, g2, g0);
    float far = Math.fma(FAR_2, g2, g0);
    u[to] = AT_ZERO * g0;
    u[to + stride] = AT_NEAR * Math.fma(NEAR, g1, near);
    u[to + 2 * stride] = AT_NEAR * Math.fma(-NEAR, g1, near);
    u[to + 3 * stride] = AT_FAR * Math.fma(FAR, g1, far);
    u[to + 4 * stride] = AT_FAR * Math.fma(-FAR, g1, far);
    u[to + 5 * stride] = g2;
  }

  /**
   * Inputs: with M(x) = x (x^2 - a^2) (x^2 - b^2), the coefficients of M(x) / (x - point) times d,
   * at infinity those of M(x). {@code f_i = d_(i+2) - b^2 d_i} holds the factor x^2 - b^2, {@code
   * n_i} the factor x^2 - a^2.
   */
  static void inputs(float[] d, int at, int step, float[] v, int to, int stride) {
    float d1 = d[at + step];
    float d2 = d[at + 2 * step];
    float d3 = d[at + 3 * step];
    float d4 = d[at + 4 * step];
    float f0 = Math.fma(-FAR_2, d[at], d2);
    float f1 = Math.fma(-FAR_2, d1, d3);
    float f2 = Math.fma(-FAR_2, d2, d4);
    float f3 = Math.fma(-FAR_2, d3, d[at + 5 * step]);
    float n1 = Math.fma(-NEAR_2, d1, d3);
    float n2 = Math.fma(-NEAR_2, d2, d4);
    v[to] = Math.fma(-NEAR_2, f0, f2);
    v[to + stride] = Math.fma(NEAR, f1, f2);
    v[to + 2 * stride] = Math.fma(-NEAR, f1, f2);
    v[to + 3 * stride] = Math.fma(FAR, n1, n2);
    v[to + 4 * stride] = Math.fma(-FAR, n1, n2);
    v[to + 5 * stride] = Math.fma(-NEAR_2, f1, f3);
  }

  /** Results: y_i = sum over the finite points of point^i m, and m of infinity to the last. */
  static void results(float[] m, int at, int step, float[] y, int to, int stride) {
    float nearSum = m[at + step] + m[at + 2 * step];
    float nearDifference = m[at + step] - m[at + 2 * step];
    float farSum = m[at + 3 * step] + m[at + 4 * step];
    float farDifference = m[at + 3 * step] - m[at + 4 * step];
    float last = Math.fma(FAR_3, farDifference, m[at + 5 * step]);
    y[to] = (m[at] + nearSum) + farSum;
    y[to + stride] = Math.fma(NEAR, nearDifference, FAR * farDifference);
    y[to + 2 * stride] = Math.fma(NEAR_2, nearSum, FAR_2 * farSum);
    y[to + 3 * stride] = Math.fma(NEAR_3, nearDifference, last);
  }
}
