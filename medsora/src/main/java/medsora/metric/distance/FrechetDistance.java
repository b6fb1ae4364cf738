package medsora.metric.distance;

/**
 * The Frechet distance of two Gaussians that are fitted to two sets of features (Dowson and Landau
 * 1982; FID: Heusel et al. 2017; FVD: Unterthiner et al. 2018):
 *
 * <pre>
 *   |m1 - m2|^2 + tr C1 + tr C2 - 2 tr (C1 C2)^(1/2)
 * </pre>
 *
 * in double, never by a square root of the product, which public programs take and which loses
 * digits where a covariance is singular. The result may be slightly negative, by rounding: it is
 * given as it is.
 *
 * @param meanTerm |m1 - m2|^2
 * @param trace1 tr C1
 * @param trace2 tr C2
 * @param traceOfRoot tr (C1 C2)^(1/2)
 */
public record FrechetDistance(double meanTerm, double trace1, double trace2, double traceOfRoot) {
  /** How the last trace is computed. */
  public enum Form {
    /**
     * The singular values of A B^T, A and B being the centred samples over sqrt(n - ddof): no
     * covariance at all. Full precision; a matrix of n1 x n2.
     */
    SAMPLES,
    /**
     * The singular values of L1^T L2 with C = L L^T by Cholesky, which are the square roots of the
     * eigenvalues of C1^(1/2) C2 C1^(1/2): a matrix of d x d at any n. A singular covariance costs
     * half of the digits of its smallest directions (1e-8 of the sum of the terms).
     */
    COVARIANCES
  }

  /** Of two sets, each in the form that costs less: samples where n is at most d. */
  public static FrechetDistance of(FeatureRows x, FeatureRows y, int ddof) {
    return of(x, cheaper(x), y, cheaper(y), ddof);
  }

  /**
   * Of two sets.
   *
   * @param ddof both covariances are divided by n - ddof
   */
  public static FrechetDistance of(FeatureRows x, FeatureRows y, int ddof, Form form) {
    return of(x, form, y, form, ddof);
  }

  /** Of two sets whose samples are gone, in the form of covariances. */
  public static FrechetDistance of(Moments x, Moments y, int ddof) {
    if (x.dimensions() != y.dimensions()) {
      throw new IllegalArgumentException(
          "[frechet] means of %d and of %d features".formatted(x.dimensions(), y.dimensions()));
    }
    return of(
        x.mean(),
        Factor.ofCovariance(x.covariance(ddof)),
        y.mean(),
        Factor.ofCovariance(y.covariance(ddof)));
  }

  private static Form cheaper(FeatureRows rows) {
    return rows.count() <= rows.dimensions() ? Form.SAMPLES : Form.COVARIANCES;
  }

  private static FrechetDistance of(
      FeatureRows x, Form formOfX, FeatureRows y, Form formOfY, int ddof) {
    x.requireSameDimensions(y);
    Moments ofX = moments(x, formOfX);
    Moments ofY = moments(y, formOfY);
    return of(ofX.mean(), factor(x, ofX, formOfX, ddof), ofY.mean(), factor(y, ofY, formOfY, ddof));
  }

  private static Moments moments(FeatureRows rows, Form form) {
    return form == Form.SAMPLES ? Moments.meansOf(rows) : Moments.of(rows);
  }

  private static Factor factor(FeatureRows rows, Moments moments, Form form, int ddof) {
    return form == Form.SAMPLES
        ? Factor.ofRows(rows, moments.mean(), ddof)
        : Factor.ofCovariance(moments.covariance(ddof));
  }

  private static FrechetDistance of(double[] mean1, Factor c1, double[] mean2, Factor c2) {
    double meanTerm = 0;
    for (int j = 0; j < mean1.length; j++) {
      meanTerm += (mean1[j] - mean2[j]) * (mean1[j] - mean2[j]);
    }
    return new FrechetDistance(meanTerm, c1.trace(), c2.trace(), c1.traceOfRoot(c2));
  }

  /** The distance, a squared length in the units of the features. */
  public double value() {
    return meanTerm + trace1 + trace2 - 2 * traceOfRoot;
  }

  /** The sum of the terms before the last is taken off: what rounding is relative to. */
  public double scale() {
    return meanTerm + trace1 + trace2;
  }
}
