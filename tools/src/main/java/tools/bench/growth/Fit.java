package tools.bench.growth;

import java.util.List;

/**
 * y = factor * x^exponent by least squares of ln y over ln x.
 *
 * @param residual root of the mean square of ln y beside the line; 0.05 is about 5 %
 */
record Fit(double exponent, double factor, double residual) {
  /** Wants at least two points of different x, all positive. */
  static Fit of(List<Double> x, List<Double> y) {
    int n = x.size();
    double meanX = x.stream().mapToDouble(Math::log).average().orElseThrow();
    double meanY = y.stream().mapToDouble(Math::log).average().orElseThrow();
    double xx = 0;
    double xy = 0;
    for (int i = 0; i < n; i++) {
      double dx = Math.log(x.get(i)) - meanX;
      xx += dx * dx;
      xy += dx * (Math.log(y.get(i)) - meanY);
    }
    if (xx == 0) {
      throw new IllegalArgumentException("[fit] wants points of different x, got " + x);
    }
    double exponent = xy / xx;
    double offset = meanY - (exponent * meanX);
    double squares = 0;
    for (int i = 0; i < n; i++) {
      double off = Math.log(y.get(i)) - offset - (exponent * Math.log(x.get(i)));
      squares += off * off;
    }
    return new Fit(exponent, Math.exp(offset), Math.sqrt(squares / n));
  }

  double at(double x) {
    return factor * Math.pow(x, exponent);
  }
}
