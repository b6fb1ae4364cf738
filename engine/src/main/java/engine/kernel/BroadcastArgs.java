package engine.kernel;

import engine.tensor.Shape;

/**
 * How two operands map to a broadcast result: extents of the result and the stride of each operand
 * along them (0 where it repeats). Neighbouring axes that both operands walk alike are merged, so
 * that most uses are one or two loops.
 */
public record BroadcastArgs(int[] extents, int[] stridesA, int[] stridesB) {
  public static BroadcastArgs of(Shape a, Shape b, Shape out) {
    int rank = out.rank();
    int[] strideA = aligned(a, rank);
    int[] strideB = aligned(b, rank);
    int[] e = new int[Math.max(1, rank)];
    int[] sa = new int[e.length];
    int[] sb = new int[e.length];
    int n = 0;
    for (int i = 0; i < rank; i++) {
      int extent = out.dim(i);
      if (extent == 1) {
        continue;
      }
      boolean joins = n > 0 && sa[n - 1] == strideA[i] * extent && sb[n - 1] == strideB[i] * extent;
      if (joins) {
        e[n - 1] *= extent;
        sa[n - 1] = strideA[i];
        sb[n - 1] = strideB[i];
      } else {
        e[n] = extent;
        sa[n] = strideA[i];
        sb[n] = strideB[i];
        n++;
      }
    }
    if (n == 0) {
      return new BroadcastArgs(new int[] {out.size()}, new int[] {0}, new int[] {0});
    }
    return new BroadcastArgs(
        java.util.Arrays.copyOf(e, n),
        java.util.Arrays.copyOf(sa, n),
        java.util.Arrays.copyOf(sb, n));
  }

  private static int[] aligned(Shape shape, int rank) {
    int[] own = shape.strides();
    int[] strides = new int[rank];
    int shift = rank - shape.rank();
    for (int i = shift; i < rank; i++) {
      strides[i] = shape.dim(i - shift) == 1 ? 0 : own[i - shift];
    }
    return strides;
  }

  /** Elements of the result. */
  public int size() {
    int n = 1;
    for (int e : extents) {
      n *= e;
    }
    return n;
  }

  /** Extent of the innermost merged axis. */
  public int inner() {
    return extents[extents.length - 1];
  }

  /** A piece of one row of the result: n elements from where each array begins. */
  @FunctionalInterface
  public interface RowBody {
    void run(int a, int b, int y, int n);
  }

  /** Walks the elements [from, to) of the result row by row, the first and last perhaps in part. */
  public void rows(int from, int to, RowBody body) {
    int inner = inner();
    int last = extents.length - 1;
    int at = from;
    while (at < to) {
      int row = at / inner;
      int column = at - row * inner;
      int n = Math.min(inner - column, to - at);
      int a = offset(row, stridesA) + column * stridesA[last];
      int b = offset(row, stridesB) + column * stridesB[last];
      body.run(a, b, at, n);
      at += n;
    }
  }

  /** Where a row (all axes but the last, flattened) begins under the given strides. */
  private int offset(int row, int[] strides) {
    int rest = row;
    int offset = 0;
    for (int d = extents.length - 2; d >= 0; d--) {
      offset += rest % extents[d] * strides[d];
      rest /= extents[d];
    }
    return offset;
  }
}
