package medsora.diffusion;

import java.util.Arrays;

/**
 * The moves of multistep solvers of the probability-flow ODE of Eq. 2, in double (N14). With the
 * network's estimates m of x_0, alpha^2 = abar, sigma^2 = 1 - abar, lambda = log(alpha / sigma), h
 * the way in lambda from s to t, the exact solution
 *
 * <pre>
 * x_t = (sigma_t / sigma_s) x_s + sigma_t integral from lambda_s to lambda_t of e^lambda m dlambda
 * </pre>
 *
 * is taken with a polynomial through the last estimates for m. Every move is then a sum of x and
 * the estimates, whose factors are kept here.
 *
 * @param alphasCumprod abar, falling; index 0 is the last step before x_0
 */
record MultistepTable(double[] alphasCumprod) {
  /**
   * A move.
   *
   * @param sample factor of x_s
   * @param starts factors of the estimates, the newest first
   */
  record Move(double sample, double[] starts) {}

  /** A solver of Schedule's steps. */
  static MultistepTable of(Schedule schedule) {
    double[] abar = new double[schedule.steps()];
    Arrays.setAll(abar, schedule::alphaCumprod);
    return new MultistepTable(abar);
  }

  private double lambda(int i) {
    return 0.5 * StrictMath.log(alphasCumprod[i] / (1 - alphasCumprod[i]));
  }

  /** sigma_t / sigma_s. */
  private double sigmaRatio(int t, int s) {
    return Math.sqrt((1 - alphasCumprod[t]) / (1 - alphasCumprod[s]));
  }

  /**
   * From step i to i - 1 by DPM-Solver++(2M) (Lu et al. 2022, Algorithm 2), with r the last way in
   * lambda over this one:
   *
   * <pre>
   * x_t = (sigma_t / sigma_s) x_s - alpha_t (e^-h - 1) ((1 + 1/2r) m_0 - 1/2r m_1)
   * </pre>
   *
   * @param known estimates that there are, the one at i included; with one it is DDIM's step
   */
  Move dpmSolver(int i, int known) {
    if (i == 0) {
      return end();
    }
    double h = lambda(i - 1) - lambda(i);
    double factor = -Math.sqrt(alphasCumprod[i - 1]) * StrictMath.expm1(-h);
    if (known == 1) {
      return new Move(sigmaRatio(i - 1, i), new double[] {factor});
    }
    double half = 0.5 * h / (lambda(i) - lambda(i + 1));
    return new Move(sigmaRatio(i - 1, i), new double[] {factor * (1 + half), -factor * half});
  }

  /** Behind the last step there is no noise: x_0 is the estimate. */
  private static Move end() {
    return new Move(0, new double[] {1});
  }

  /**
   * From step i to i - 1 by the predictor UniP of UniPC (Zhao et al. 2023), B(h) = e^-h - 1, for
   * estimates of x_0.
   *
   * @param order 1 to as many estimates as there are
   */
  Move predictor(int i, int order) {
    if (i == 0) {
      return end();
    }
    UniPc uni = new UniPc(this, i, i - 1, order);
    double[] weights = uni.predictor();
    double[] starts = new double[order];
    for (int k = 1; k < order; k++) {
      starts[k] = uni.factor() * weights[k - 1] / uni.ratios()[k - 1];
      starts[0] -= starts[k];
    }
    starts[0] += uni.factor();
    return new Move(sigmaRatio(i - 1, i), starts);
  }

  /**
   * The corrector UniC of UniPC: x at step i anew from that at i + 1, with the estimate at i, which
   * is the first of the estimates.
   *
   * @param order of the predictor that made x at i
   */
  Move corrector(int i, int order) {
    UniPc uni = new UniPc(this, i + 1, i, order);
    double[] weights = uni.corrector();
    double[] starts = new double[order + 1];
    starts[0] = uni.factor() * weights[order - 1];
    starts[1] = uni.factor() - starts[0];
    for (int k = 1; k < order; k++) {
      starts[k + 1] = uni.factor() * weights[k - 1] / uni.ratios()[k - 1];
      starts[1] -= starts[k + 1];
    }
    return new Move(sigmaRatio(i, i + 1), starts);
  }

  /**
   * The weights of UniPC's differences D_k = (m_k - m_0) / r_k. They make the sum over k of
   * r_k^(j-1) weight_k = j! phi_(j+1)(-h) / B(h) for j from 1 on, so that as many orders of the
   * error vanish; with phi_1(z) = (e^z - 1) / z, phi_(j+1)(z) = (phi_j(z) - 1/j!) / z, B(h) = e^-h
   * - 1.
   *
   * @param ratios r_k: the way from s back to the k-th estimate, over h; 1 for that at t
   * @param h from s to t in lambda
   * @param factor of the estimate, -alpha_t (e^-h - 1)
   */
  private record UniPc(double[] ratios, double h, double factor) {
    UniPc(MultistepTable table, int s, int t, int order) {
      this(
          ratios(table, s, t, order),
          table.lambda(t) - table.lambda(s),
          -Math.sqrt(table.alphasCumprod[t]) * StrictMath.expm1(table.lambda(s) - table.lambda(t)));
    }

    private static double[] ratios(MultistepTable table, int s, int t, int order) {
      double[] ratios = new double[order];
      for (int k = 1; k < order; k++) {
        ratios[k - 1] =
            (table.lambda(s + k) - table.lambda(s)) / (table.lambda(t) - table.lambda(s));
      }
      ratios[order - 1] = 1;
      return ratios;
    }

    /** Of the estimates behind s; the half that the published programs take where there is one. */
    double[] predictor() {
      int n = ratios.length - 1;
      return switch (n) {
        case 0 -> new double[0];
        case 1 -> new double[] {0.5};
        default -> solve(Arrays.copyOf(ratios, n), Arrays.copyOf(moments(), n));
      };
    }

    /** Of those and, last, of the estimate at t. */
    double[] corrector() {
      return ratios.length == 1 ? new double[] {0.5} : solve(ratios, moments());
    }

    /** j! phi_(j+1)(-h) (-h) / (e^-h - 1) for j from 1. */
    private double[] moments() {
      double[] moments = new double[ratios.length];
      double all = StrictMath.expm1(-h);
      double phi = all / -h;
      double factorial = 1;
      for (int j = 1; j <= moments.length; j++) {
        factorial *= j;
        phi = (phi - (1 / factorial)) / -h;
        moments[j - 1] = factorial * phi * -h / all;
      }
      return moments;
    }

    /** Solves sum over k of r_k^j w_k = b_j, j from 0, by elimination; the r are distinct. */
    private static double[] solve(double[] r, double[] b) {
      int n = r.length;
      double[] w = b.clone();
      // Björck and Pereyra's two passes over a Vandermonde system, dual form.
      for (int k = 0; k < n - 1; k++) {
        for (int j = n - 1; j > k; j--) {
          w[j] -= r[k] * w[j - 1];
        }
      }
      for (int k = n - 2; k >= 0; k--) {
        for (int j = k + 1; j < n; j++) {
          w[j] /= r[j] - r[j - k - 1];
        }
        for (int j = k; j < n - 1; j++) {
          w[j] -= w[j + 1];
        }
      }
      return w;
    }
  }
}
