package medsora.metric.distance;

import engine.random.RandomKey;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The kernel distance of two sets of features, KID of pictures (Binkowski et al. 2018) and KVD of
 * clips: the unbiased estimate of the squared maximum mean discrepancy under the kernel (x.y / d +
 * 1)^3,
 *
 * <pre>
 *   sum_{i != j} k(x_i, x_j) / (n (n - 1)) + sum_{i != j} k(y_i, y_j) / (m (m - 1))
 *     - 2 sum_{i, j} k(x_i, y_j) / (n m)
 * </pre>
 *
 * Unlike the Frechet distance it has no bias at small n, and so may be negative.
 *
 * @param value the mean over the subsets, or that of all samples
 * @param deviation of the subsets, as of a whole population; 0 for all samples
 * @param subsets how many; 0 for all samples at once
 * @param size samples of a subset of each set
 * @param whole whether that is all samples of both sets, so that the subsets say nothing of a
 *     spread
 */
public record KernelDistance(double value, double deviation, int subsets, int size, boolean whole) {
  /** Subsets in torch-fidelity and clean-fid. */
  public static final int SUBSETS = 100;

  /** Samples of a subset there, where there are so many. */
  public static final int SUBSET_SIZE = 1000;

  /** Most samples of a set whose kernels are held at once, in 3 x 8 bytes x this squared. */
  public static final int MOST = 4096;

  private static final int TORCH_FIDELITY = 2020;

  /** Draws two subsets at a time. */
  private interface Draw {
    int[] of(int n, int size);
  }

  /** Of all samples, at least two and at most {@link #MOST} of each. */
  public static KernelDistance full(FeatureRows x, FeatureRows y) {
    if (Math.max(x.count(), y.count()) > MOST) {
      throw new IllegalArgumentException(
          "[kernel distance] %d and %d samples at once, %d fit: take subsets"
              .formatted(x.count(), y.count(), MOST));
    }
    int[] i = IntStream.range(0, x.count()).toArray();
    int[] j = IntStream.range(0, y.count()).toArray();
    int size = Math.min(x.count(), y.count());
    return new KernelDistance(Kernels.of(x, y).discrepancy(i, j), 0, 0, size, true);
  }

  /**
   * Subsets as torch-fidelity draws them, by NumPy's {@code RandomState(2020)}: of the first set,
   * then of the second, without repetition.
   *
   * @param size at least 2 and at most the samples of either
   */
  public static KernelDistance torchFidelity(FeatureRows x, FeatureRows y, int subsets, int size) {
    NumpyRandom random = new NumpyRandom(TORCH_FIDELITY);
    return of(x, y, subsets, size, random::choice);
  }

  /**
   * Subsets as clean-fid takes them, min(1000, samples) of each set without repetition, whose draws
   * upstream are not seeded: here by our seed.
   */
  public static KernelDistance cleanFid(FeatureRows x, FeatureRows y, int subsets, long seed) {
    int size = Math.min(SUBSET_SIZE, Math.min(x.count(), y.count()));
    int[] drawn = {0};
    return of(
        x,
        y,
        subsets,
        size,
        (n, count) ->
            Arrays.copyOf(
                new RandomKey(seed, drawn[0]++, Kernels.STEP).random().permutation(n), count));
  }

  private static KernelDistance of(FeatureRows x, FeatureRows y, int subsets, int size, Draw draw) {
    if (subsets < 1 || size < 2 || size > Math.min(x.count(), y.count())) {
      throw new IllegalArgumentException(
          "[kernel distance] %d subsets of %d of %d and %d samples"
              .formatted(subsets, size, x.count(), y.count()));
    }
    Kernels kernels = Kernels.of(x, y);
    double[] values = new double[subsets];
    for (int k = 0; k < subsets; k++) {
      int[] i = draw.of(x.count(), size);
      int[] j = draw.of(y.count(), size);
      // In their order in memory, where neighbours are read together.
      Arrays.sort(i);
      Arrays.sort(j);
      values[k] = kernels.discrepancy(i, j);
    }
    double mean = Arrays.stream(values).reduce(0, Double::sum) / subsets;
    double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).reduce(0, Double::sum);
    boolean whole = size == x.count() && size == y.count();
    return new KernelDistance(mean, Math.sqrt(squares / subsets), subsets, size, whole);
  }
}
