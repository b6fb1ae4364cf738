package medsora.flow.variational;

/**
 * The brightness constancy I1(x + u) = I0(x), linearised around a flow: rho(u) = I1(x + u0) + grad
 * I1(x + u0) (u - u0) - I0(x). It says nothing where x + u0 lies outside the picture.
 */
final class DataTerm {
  /** Squared slopes below this carry no direction. */
  private static final float FLAT = 1e-10f;

  private final Plane slopeX;
  private final Plane slopeY;
  private final Plane constant;

  DataTerm(Pair pair, Plane u, Plane v) {
    int height = u.height();
    int width = u.width();
    this.slopeX = Plane.zeros(height, width);
    this.slopeY = Plane.zeros(height, width);
    this.constant = Plane.zeros(height, width);
    for (int i = 0; i < u.size(); i++) {
      float x = i % width + u.at()[i];
      float y = i / width + v.at()[i];
      if (pair.second.holds(x, y)) {
        float gx = pair.slopeX.cubic(x, y);
        float gy = pair.slopeY.cubic(x, y);
        slopeX.at()[i] = gx;
        slopeY.at()[i] = gy;
        float moved = pair.second.cubic(x, y);
        constant.at()[i] = moved - gx * u.at()[i] - gy * v.at()[i] - pair.first.at()[i];
      }
    }
  }

  /** Two pictures of one scale, and the slopes of the second. */
  record Pair(Plane first, Plane second, Plane slopeX, Plane slopeY) {
    static Pair of(Plane first, Plane second) {
      return new Pair(first, second, second.slopeX(), second.slopeY());
    }
  }

  /**
   * How far along the slope a vector goes to lessen |rho|, by at most {@code reach}: the
   * thresholding step of Zach, Pock and Bischof (2007).
   *
   * @return a multiple of the slope
   */
  float step(int i, float u, float v, float reach) {
    float gx = slopeX.at()[i];
    float gy = slopeY.at()[i];
    float square = gx * gx + gy * gy;
    float rho = constant.at()[i] + gx * u + gy * v;
    if (rho < -reach * square) {
      return reach;
    }
    if (rho > reach * square) {
      return -reach;
    }
    return square < FLAT ? 0f : -rho / square;
  }

  float slopeX(int i) {
    return slopeX.at()[i];
  }

  float slopeY(int i) {
    return slopeY.at()[i];
  }
}
