package engine.kernel;

import org.jspecify.annotations.Nullable;

/**
 * A causal depthwise convolution along sequences of [rows, channels]. The input's rows may be part
 * of wider ones, and be met in other orders: row {@code r} of the result belongs to {@link
 * #inputRow}. Each row of the result has the channels of the convolution and behind them {@code
 * carried} more that are copied as they are.
 *
 * @param rows rows of the result
 * @param length steps of a sequence
 * @param kernel the number of taps K, at most 512 (one segment of numeric contract N1)
 * @param rowStride elements from one row of the input to the next
 * @param offset where the first channel is in a row of the input
 * @param silu whether SiLU follows
 * @param walks the orders in which rows are met, or null: one behind the other
 */
public record CausalConv1dArgs(
    int rows,
    int length,
    int channels,
    int kernel,
    int rowStride,
    int offset,
    int carried,
    boolean silu,
    @Nullable Walks walks) {

  /** Where the input of row {@code row} of the result begins. */
  public int inputRow(int row) {
    return (walks == null ? row : walks.token(row)) * rowStride + offset;
  }

  /** Elements of a row of the result. */
  public int width() {
    return channels + carried;
  }

  /** Rows of the input. */
  public int inputRows() {
    return rows / walkCount();
  }

  /** How often each row of the input is met. */
  public int walkCount() {
    return walks == null ? 1 : walks.count();
  }

  /** The row of the result at which walk {@code walk} meets row {@code inputRow} of the input. */
  public int row(int walk, int inputRow) {
    return walks == null ? inputRow : walks.row(walk, inputRow);
  }
}
