package medsora.baseline.styleganv;

import engine.op.resample.Resample;
import engine.tensor.Shape;
import engine.tensor.Tensor;

/**
 * The 4x4 low-pass filter [1,3,3,1] x [1,3,3,1] / 64 that goes with every doubling of the size. It
 * stands in the state dicts as {@code resample_filter} of each layer, always of these values.
 */
public final class Filter {
  private static final double[] TAPS = {1 / 8.0, 3 / 8.0, 3 / 8.0, 1 / 8.0};

  /** Zeros between pixels take this of the brightness; a filter of gain 2 an axis gives it back. */
  private static final double[] DOUBLING = {1 / 4.0, 3 / 4.0, 3 / 4.0, 1 / 4.0};

  private Filter() {}

  /** The filter as state dicts have it, [rows, columns], 4 of each. */
  public static Tensor table() {
    int n = TAPS.length;
    return Tensor.generate(Shape.of(n, n), i -> TAPS[i / n] * TAPS[i % n]);
  }

  /** A picture twice as large: [N, C, H, W] -> [N, C, 2H, 2W]. */
  public static Tensor doubled(Tensor x) {
    return both(x, DOUBLING, 2, 1, 2, 1);
  }

  /** A picture half as large: [N, C, H, W] -> [N, C, H/2, W/2], H and W even or rounded down. */
  public static Tensor halved(Tensor x) {
    return both(x, TAPS, 1, 2, 1, 1);
  }

  /**
   * What follows a transposed convolution of stride 2: [N, C, H, W] -> [N, C, H - 1, W - 1], with
   * gain 4.
   */
  public static Tensor smoothed(Tensor x) {
    return both(x, DOUBLING, 1, 1, 1, 1);
  }

  private static Tensor both(Tensor x, double[] taps, int up, int down, int before, int after) {
    Tensor wide = Resample.upfirdn(x, -1, taps, up, down, before, after);
    return Resample.upfirdn(wide, -2, taps, up, down, before, after);
  }
}
