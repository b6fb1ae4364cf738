package medsora.metric.distance;

/** Quantiles between the values of a sample. */
public final class Quantiles {
  private Quantiles() {}

  /**
   * The value at place (n - 1) q of n, between neighbours by their distance (NumPy's default).
   *
   * @param ascending at least one value
   * @param q 0..1
   */
  public static double of(double[] ascending, double q) {
    double place = (ascending.length - 1) * q;
    int below = (int) place;
    double low = ascending[below];
    return below + 1 == ascending.length
        ? low
        : low + (ascending[below + 1] - low) * (place - below);
  }
}
