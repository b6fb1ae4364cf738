package medsora.flow.variational;

import engine.numeric.Numerics;

/**
 * Chambolle's dual of total variation for one plane: u = v + theta div p, and p follows the forward
 * gradient of u within the unit ball.
 */
final class TotalVariation {
  private final Plane px;
  private final Plane py;

  TotalVariation(int height, int width) {
    this.px = Plane.zeros(height, width);
    this.py = Plane.zeros(height, width);
  }

  /** The divergence of p, the negative adjoint of the forward gradient. */
  void divergence(Plane out) {
    int width = out.width();
    float[] x = px.at();
    float[] y = py.at();
    float[] at = out.at();
    // p does not point out of the picture: px is 0 in the last column, py in the last row.
    for (int row = 0; row < at.length; row += width) {
      at[row] = x[row];
      for (int i = row + 1; i < row + width; i++) {
        at[i] = x[i] - x[i - 1];
      }
    }
    for (int i = 0; i < width; i++) {
      at[i] += y[i];
    }
    for (int i = width; i < at.length; i++) {
      at[i] += y[i] - y[i - width];
    }
  }

  /** p = (p + step grad u) / (1 + step |grad u|). */
  void follow(Plane u, float step) {
    int width = u.width();
    int last = u.size() - width;
    for (int row = 0; row < last; row += width) {
      inner(u.at(), row, row + width - 1, width, step);
      rim(row + width - 1, 0f, u.at()[row + 2 * width - 1] - u.at()[row + width - 1], step);
    }
    for (int i = last; i < last + width - 1; i++) {
      rim(i, u.at()[i + 1] - u.at()[i], 0f, step);
    }
    rim(last + width - 1, 0f, 0f, step);
  }

  /** A row but for its end. */
  private void inner(float[] u, int from, int to, int width, float step) {
    float[] x = px.at();
    float[] y = py.at();
    for (int i = from; i < to; i++) {
      float dx = u[i + 1] - u[i];
      float dy = u[i + width] - u[i];
      float scale = 1 + step * Numerics.sqrt(dx * dx + dy * dy);
      x[i] = (x[i] + step * dx) / scale;
      y[i] = (y[i] + step * dy) / scale;
    }
  }

  private void rim(int i, float dx, float dy, float step) {
    float scale = 1 + step * Numerics.sqrt(dx * dx + dy * dy);
    px.at()[i] = (px.at()[i] + step * dx) / scale;
    py.at()[i] = (py.at()[i] + step * dy) / scale;
  }

  /**
   * The minimiser of the Rudin-Osher-Fatemi energy: v without its small structures.
   *
   * @param theta strength, in the square of grey levels over grey levels
   */
  static Plane smooth(Plane v, float theta, float tau, int iterations) {
    TotalVariation dual = new TotalVariation(v.height(), v.width());
    Plane u = new Plane(v.at().clone(), v.height(), v.width());
    Plane div = Plane.zeros(v.height(), v.width());
    for (int n = 0; n < iterations; n++) {
      dual.follow(u, tau / theta);
      dual.divergence(div);
      for (int i = 0; i < u.size(); i++) {
        u.at()[i] = v.at()[i] + theta * div.at()[i];
      }
    }
    return u;
  }
}
