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
   * Moves a flow towards a smaller |rho|, by at most {@code reach} slopes (the thresholding step of
   * Zach, Pock and Bischof 2007), and adds the pull of its smoothness.
   *
   * @param pullU theta div p of u, likewise pullV, both scaled by {@code theta} here
   * @return the mean square of a vector's change
   */
  float step(float reach, float theta, Plane u, Plane v, Plane pullU, Plane pullV) {
    double sum = 0;
    for (int i = 0; i < u.size(); i++) {
      float gx = slopeX.at()[i];
      float gy = slopeY.at()[i];
      float along = along(gx * gx + gy * gy, rho(i, gx, gy, u, v), reach);
      float du = along * gx + theta * pullU.at()[i];
      float dv = along * gy + theta * pullV.at()[i];
      u.at()[i] += du;
      v.at()[i] += dv;
      sum += du * du + dv * dv;
    }
    return (float) (sum / u.size());
  }

  private float rho(int i, float gx, float gy, Plane u, Plane v) {
    return constant.at()[i] + gx * u.at()[i] + gy * v.at()[i];
  }

  private static float along(float square, float rho, float reach) {
    if (rho < -reach * square) {
      return reach;
    }
    if (rho > reach * square) {
      return -reach;
    }
    return square < FLAT ? 0f : -rho / square;
  }
}
