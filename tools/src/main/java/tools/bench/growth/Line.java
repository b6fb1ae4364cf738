package tools.bench.growth;

import java.util.List;

/**
 * y = constant + slope * x by least squares of the relative errors (constant + slope * x - y) / y.
 *
 * @param residual root of the mean square of these
 */
record Line(double constant, double slope, double residual) {
  /** Wants at least two points of different x, y not 0. */
  static Line of(List<Double> x, List<Double> y) {
    int n = x.size();
    double ww = 0;
    double wx = 0;
    double xx = 0;
    double wy = 0;
    double xy = 0;
    for (int i = 0; i < n; i++) {
      // Divided by y each equation reads constant * w + slope * u = 1.
      double w = 1 / y.get(i);
      double u = x.get(i) / y.get(i);
      ww += w * w;
      wx += w * u;
      xx += u * u;
      wy += w;
      xy += u;
    }
    double determinant = (ww * xx) - (wx * wx);
    double constant = ((wy * xx) - (xy * wx)) / determinant;
    double slope = ((ww * xy) - (wx * wy)) / determinant;
    double squares = 0;
    for (int i = 0; i < n; i++) {
      double off = ((constant + (slope * x.get(i))) / y.get(i)) - 1;
      squares += off * off;
    }
    return new Line(constant, slope, Math.sqrt(squares / n));
  }
}
