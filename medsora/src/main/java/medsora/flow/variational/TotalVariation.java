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

  /** The divergence of p at pixel i, the adjoint of the forward gradient. */
  float divergence(int i) {
    int width = px.width();
    int x = i % width;
    int y = i / width;
    float dx = (x < width - 1 ? px.at()[i] : 0f) - (x > 0 ? px.at()[i - 1] : 0f);
    float dy = (y < px.height() - 1 ? py.at()[i] : 0f) - (y > 0 ? py.at()[i - width] : 0f);
    return dx + dy;
  }

  /** p = (p + step grad u) / (1 + step |grad u|). */
  void follow(Plane u, float step) {
    int width = u.width();
    float[] at = u.at();
    for (int i = 0; i < at.length; i++) {
      float dx = i % width < width - 1 ? at[i + 1] - at[i] : 0f;
      float dy = i + width < at.length ? at[i + width] - at[i] : 0f;
      float scale = 1 + step * Numerics.sqrt(dx * dx + dy * dy);
      px.at()[i] = (px.at()[i] + step * dx) / scale;
      py.at()[i] = (py.at()[i] + step * dy) / scale;
    }
  }

  /**
   * The minimiser of the Rudin-Osher-Fatemi energy: v without its small structures.
   *
   * @param theta strength, in the square of grey levels over grey levels
   */
  static Plane smooth(Plane v, float theta, float tau, int iterations) {
    TotalVariation dual = new TotalVariation(v.height(), v.width());
    Plane u = new Plane(v.at().clone(), v.height(), v.width());
    for (int n = 0; n < iterations; n++) {
      dual.follow(u, tau / theta);
      for (int i = 0; i < u.size(); i++) {
        u.at()[i] = v.at()[i] + theta * dual.divergence(i);
      }
    }
    return u;
  }
}
