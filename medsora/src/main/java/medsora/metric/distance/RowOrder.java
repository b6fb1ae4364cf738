package medsora.metric.distance;

import java.util.stream.IntStream;

/** In which order rows are split for an inception score. */
public enum RowOrder {
  /** As they come: frames of one clip stay together (StyleGAN-V's is50k). */
  NONE,
  /** NumPy's {@code RandomState(42).shuffle} (StyleGAN-V's isv2048_ucf). */
  SHUFFLE_42,
  /** NumPy's {@code RandomState(2020).permutation} (torch-fidelity). */
  PERMUTATION_2020;

  private static final int STYLEGAN_V = 42;
  private static final int TORCH_FIDELITY = 2020;

  /** Row i of the result is row [i] of what is given. */
  public int[] of(int rows) {
    return switch (this) {
      case NONE -> IntStream.range(0, rows).toArray();
      case SHUFFLE_42 -> new NumpyRandom(STYLEGAN_V).permutation(rows);
      case PERMUTATION_2020 -> new NumpyRandom(TORCH_FIDELITY).permutation(rows);
    };
  }
}
