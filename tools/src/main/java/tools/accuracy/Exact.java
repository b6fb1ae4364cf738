package tools.accuracy;

/**
 * Elementary functions in double precision, as the measure of those in float32. Their own errors, a
 * few units in the last place of a double, are below 2^-26 of one of a float.
 */
final class Exact {
  /** Below this, the next term of a series is beyond double precision. */
  private static final double SMALL = 0x1p-28;

  /** erf is 1 in double precision from here on. */
  private static final double ERF_ONE = 6;

  private static final int ERF_STEPS = 16;
  private static final int ERF_TERMS = 14;
  private static final double TWO_OVER_SQRT_PI = 2 / Math.sqrt(Math.PI);

  /** Taylor series of erf around every sixteenth of a unit. */
  private static final double[][] ERF = erfSeries();

  private Exact() {}

  static double expm1(double x) {
    return Math.abs(x) < SMALL ? x + x * x / 2 : Math.expm1(x);
  }

  static double log1p(double x) {
    return Math.abs(x) < SMALL ? x - x * x / 2 : Math.log1p(x);
  }

  static double tanh(double x) {
    return Math.abs(x) < SMALL ? x : Math.tanh(x);
  }

  static double sin(double x) {
    return Math.abs(x) < SMALL ? x : Math.sin(x);
  }

  static double sigmoid(double x) {
    double e = Math.exp(-Math.abs(x));
    return (x >= 0 ? 1 : e) / (1 + e);
  }

  static double softplus(double x) {
    return Math.max(x, 0) + log1p(Math.exp(-Math.abs(x)));
  }

  /** x sigmoid(x); its limit, -0, where x is -infinity. */
  static double silu(double x) {
    return x == Double.NEGATIVE_INFINITY ? -0.0 : x * sigmoid(x);
  }

  /** x (1 + erf(x / sqrt 2)) / 2; its limit, -0, where x is -infinity. */
  static double gelu(double x) {
    return x == Double.NEGATIVE_INFINITY ? -0.0 : 0.5 * x * (1 + erf(x * Math.sqrt(0.5)));
  }

  /** 2 / sqrt(pi) times the integral of exp(-t^2) from 0 to x. */
  static double erf(double x) {
    double a = Math.abs(x);
    if (!(a < ERF_ONE)) {
      return Double.isNaN(x) ? x : Math.signum(x);
    }
    int node = (int) (a * ERF_STEPS + 0.5);
    double h = a - (double) node / ERF_STEPS;
    double[] c = ERF[node];
    double sum = c[ERF_TERMS - 1];
    for (int n = ERF_TERMS - 2; n >= 0; n--) {
      sum = sum * h + c[n];
    }
    return Math.copySign(sum, x);
  }

  /** With g(h) = 2/sqrt(pi) exp(-(x + h)^2), g' = -2 (x + h) g gives its coefficients in turn. */
  private static double[][] erfSeries() {
    double[][] series = new double[(int) ERF_ONE * ERF_STEPS + 1][ERF_TERMS];
    for (int node = 0; node < series.length; node++) {
      double x = (double) node / ERF_STEPS;
      double before = 0;
      double g = TWO_OVER_SQRT_PI * Math.exp(-x * x);
      series[node][0] = erfSum(x);
      for (int n = 0; n < ERF_TERMS - 1; n++) {
        series[node][n + 1] = g / (n + 1);
        double next = (-2 * x * g - 2 * before) / (n + 1);
        before = g;
        g = next;
      }
    }
    return series;
  }

  /** The series of positive terms 2/sqrt(pi) e^(-x^2) sum 2^n x^(2n+1) / (2n+1)!!. */
  private static double erfSum(double x) {
    double term = x;
    double sum = x;
    for (int n = 1; term > sum * 1e-18; n++) {
      term *= 2 * x * x / (2 * n + 1);
      sum += term;
    }
    return TWO_OVER_SQRT_PI * Math.exp(-x * x) * sum;
  }
}
