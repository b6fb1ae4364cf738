package engine.kernel;

/**
 * A causal depthwise convolution along the middle axis of [batch, length, channels]. The input's
 * rows may be part of wider ones: element (b, l, c) is at {@code (b * length + l) * rowStride +
 * offset + c}; results are dense.
 *
 * @param kernel the number of taps K, at most 512 (one segment of numeric contract N1)
 * @param silu whether SiLU follows
 */
public record CausalConv1dArgs(
    int batch, int length, int channels, int kernel, int rowStride, int offset, boolean silu) {
  /** Rows of the result: batch * length. */
  public int rows() {
    return batch * length;
  }

  /** Where row {@code row} of the input begins. */
  public int inputRow(int row) {
    return row * rowStride + offset;
  }
}
