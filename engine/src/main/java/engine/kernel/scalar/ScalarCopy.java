package engine.kernel.scalar;

import static engine.tensor.HeapStorage.array;
import static engine.tensor.HeapStorage.readOnly;

import engine.kernel.CopyArgs;
import engine.kernel.CopyKernels;
import engine.kernel.GatherArgs;
import engine.kernel.Workers;
import engine.tensor.Storage;
import java.util.Arrays;

/**
 * What only moves values. Copies between strided views: rows that are contiguous on both sides are
 * block copies; where the source is contiguous along another axis than the result, which is a
 * transposition, the two axes are walked in tiles through a small buffer, so that both sides meet
 * whole cache lines.
 */
public class ScalarCopy implements CopyKernels {
  private static final int PLAIN_GRAIN = 32768;
  private static final int GATHER_GRAIN = 8192;
  private static final int GRAIN = 16384;
  private static final int TILE = 32;

  /** Row length of the buffer: no multiple of a large power of two. */
  private static final int PITCH = TILE + 1;

  /** Gathered rows shorter than this are copied by a loop, where a call would cost more. */
  private static final int SHORT = 8;

  private final Workers workers;

  public ScalarCopy(Workers workers) {
    this.workers = workers;
  }

  @Override
  public void copy(Storage x, Storage y, int n) {
    float[] in = readOnly(x);
    float[] out = array(y);
    workers.ranges(n, PLAIN_GRAIN, (from, to) -> System.arraycopy(in, from, out, from, to - from));
  }

  @Override
  public void fill(Storage x, float value, int n) {
    float[] out = array(x);
    workers.ranges(n, PLAIN_GRAIN, (from, to) -> Arrays.fill(out, from, to, value));
  }

  @Override
  public void strided(CopyArgs args, Storage x, Storage y) {
    strided(workers, args, readOnly(x), array(y));
  }

  @Override
  public void gather(GatherArgs args, Storage x, Storage y) {
    float[] in = readOnly(x);
    float[] out = array(y);
    int rows = args.index().length;
    int inner = args.inner();
    workers.ranges(
        args.outer() * rows,
        Math.max(1, GATHER_GRAIN / Math.max(1, inner)),
        (from, to) -> {
          for (int row = from; row < to; ) {
            int j = row % rows;
            int n = Math.min(rows - j, to - row);
            int at = row / rows * args.in() * inner;
            if (inner == 1) {
              elements(in, at, args.index(), j, out, row, n);
            } else {
              rows(in, at, args.index(), j, inner, out, row * inner, n);
            }
            row += n;
          }
        });
  }

  private static void elements(float[] x, int at, int[] index, int j, float[] y, int to, int n) {
    for (int i = 0; i < n; i++) {
      y[to + i] = x[at + index[j + i]];
    }
  }

  private static void rows(
      float[] x, int at, int[] index, int j, int inner, float[] y, int to, int n) {
    for (int i = 0; i < n; i++) {
      int from = at + index[j + i] * inner;
      if (inner < SHORT) {
        for (int c = 0; c < inner; c++) {
          y[to + i * inner + c] = x[from + c];
        }
      } else {
        System.arraycopy(x, from, y, to + i * inner, inner);
      }
    }
  }

  private static void strided(Workers workers, CopyArgs args, float[] x, float[] y) {
    int last = args.extents().length - 1;
    int across = transposedAxis(args);
    if (across >= 0) {
      transpose(workers, args, across, x, y);
    } else if (args.stridesX()[last] == 1 && args.stridesY()[last] == 1) {
      pieces(workers, args, (ix, iy, n) -> System.arraycopy(x, ix, y, iy, n));
    } else if (args.stridesX()[last] == 0 && args.stridesY()[last] == 1) {
      pieces(workers, args, (ix, iy, n) -> Arrays.fill(y, iy, iy + n, x[ix]));
    } else {
      int sx = args.stridesX()[last];
      int sy = args.stridesY()[last];
      pieces(
          workers,
          args,
          (ix, iy, n) -> {
            for (int i = 0; i < n; i++) {
              y[iy + i * sy] = x[ix + i * sx];
            }
          });
    }
  }

  /** The axis along which the source is contiguous while the result is along the last; else -1. */
  private static int transposedAxis(CopyArgs args) {
    int last = args.extents().length - 1;
    if (args.stridesY()[last] == 1 && args.stridesX()[last] > 1) {
      for (int axis = last - 1; axis >= 0; axis--) {
        if (args.stridesX()[axis] == 1) {
          return axis;
        }
      }
    }
    return -1;
  }

  /** A piece of one row: n elements from where each side begins. */
  @FunctionalInterface
  private interface Piece {
    void run(int ix, int iy, int n);
  }

  /** Splits all elements into ranges and each range into pieces of rows. */
  private static void pieces(Workers workers, CopyArgs args, Piece body) {
    int last = args.extents().length - 1;
    int inner = args.extents()[last];
    int sx = args.stridesX()[last];
    int sy = args.stridesY()[last];
    workers.ranges(
        size(args.extents()),
        GRAIN,
        (from, to) -> {
          int n;
          for (int at = from; at < to; at += n) {
            int row = at / inner;
            int column = at - row * inner;
            n = Math.min(inner - column, to - at);
            int ix = args.offsetX() + offset(row, args.extents(), args.stridesX(), last);
            int iy = args.offsetY() + offset(row, args.extents(), args.stridesY(), last);
            body.run(ix + column * sx, iy + column * sy, n);
          }
        });
  }

  /** Tasks are strips: TILE indices of the axis across, all of the last axis. */
  private static void transpose(Workers workers, CopyArgs args, int across, float[] x, float[] y) {
    int last = args.extents().length - 1;
    int width = args.extents()[across];
    int strips = (width + TILE - 1) / TILE;
    int inner = args.extents()[last];
    int[] outer = args.extents().clone();
    outer[across] = 1;
    int planes = size(outer) / inner;
    workers.ranges(
        planes * strips,
        Math.max(1, GRAIN / (Math.min(TILE, width) * inner)),
        (from, to) -> {
          float[] buffer = new float[TILE * PITCH];
          for (int t = from; t < to; t++) {
            int start = t % strips * TILE;
            int ix = args.offsetX() + offset(t / strips, outer, args.stridesX(), last) + start;
            int iy =
                args.offsetY()
                    + offset(t / strips, outer, args.stridesY(), last)
                    + start * args.stridesY()[across];
            int rows = Math.min(TILE, width - start);
            strip(
                x, ix, args.stridesX()[last], y, iy, args.stridesY()[across], rows, inner, buffer);
          }
        });
  }

  /** y[iy + r * sy + c] = x[ix + r + c * sx] for r in [0, rows), c in [0, inner). */
  private static void strip(
      float[] x, int ix, int sx, float[] y, int iy, int sy, int rows, int inner, float[] buffer) {
    for (int start = 0; start < inner; start += TILE) {
      int columns = Math.min(TILE, inner - start);
      for (int c = 0; c < columns; c++) {
        System.arraycopy(x, ix + (start + c) * sx, buffer, c * PITCH, rows);
      }
      for (int r = 0; r < rows; r++) {
        int to = iy + r * sy + start;
        for (int c = 0; c < columns; c++) {
          y[to + c] = buffer[c * PITCH + r];
        }
      }
    }
  }

  private static int size(int[] extents) {
    int n = 1;
    for (int e : extents) {
      n *= e;
    }
    return n;
  }

  /** Where the row-major index over the first {@code axes} axes begins under the strides. */
  private static int offset(int index, int[] extents, int[] strides, int axes) {
    int rest = index;
    int offset = 0;
    for (int d = axes - 1; d >= 0; d--) {
      offset += rest % extents[d] * strides[d];
      rest /= extents[d];
    }
    return offset;
  }
}
