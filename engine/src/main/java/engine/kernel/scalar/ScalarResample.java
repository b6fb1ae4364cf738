package engine.kernel.scalar;

import static engine.tensor.HeapStorage.array;
import static engine.tensor.HeapStorage.readOnly;

import engine.kernel.ResampleArgs;
import engine.kernel.ResampleKernels;
import engine.kernel.ResampleTable;
import engine.kernel.Workers;
import engine.tensor.Storage;
import java.util.Arrays;

/** Weighted taps along one axis, ascending: a product, then fused multiply-adds. */
public class ScalarResample implements ResampleKernels {
  private static final int GRAIN = 8192;

  private final Workers workers;

  public ScalarResample(Workers workers) {
    this.workers = workers;
  }

  @Override
  public void apply(ResampleArgs args, Storage x, Storage y) {
    float[] in = readOnly(x);
    float[] out = array(y);
    split(workers, args, (o, j) -> row(args, o, j, 0, in, out));
  }

  /** Runs the body for each output row (o, j), shared out among the workers. */
  public static void split(Workers workers, ResampleArgs args, RowBody body) {
    ResampleTable table = args.table();
    long perRow = (long) args.inner() * (1 + table.taps() / Math.max(1, table.out()));
    int grain = (int) Math.max(1, GRAIN / Math.max(1, perRow));
    workers.ranges(
        args.outer() * table.out(),
        grain,
        (from, to) -> {
          int o = from / table.out();
          int j = from % table.out();
          for (int row = from; row < to; row++) {
            body.run(o, j);
            j++;
            if (j == table.out()) {
              j = 0;
              o++;
            }
          }
        });
  }

  /** Elements [begin, inner) of output row j of slab o. */
  public static void row(ResampleArgs args, int o, int j, int begin, float[] x, float[] y) {
    ResampleTable table = args.table();
    int inner = args.inner();
    int slab = o * table.in() * inner;
    int to = (o * table.out() + j) * inner;
    int first = table.start()[j];
    int last = table.start()[j + 1];
    if (first == last) {
      Arrays.fill(y, to + begin, to + inner, 0f);
      return;
    }
    int at = slab + table.source()[first] * inner;
    float w = table.weight()[first];
    for (int i = begin; i < inner; i++) {
      y[to + i] = w * x[at + i];
    }
    for (int t = first + 1; t < last; t++) {
      at = slab + table.source()[t] * inner;
      w = table.weight()[t];
      for (int i = begin; i < inner; i++) {
        y[to + i] = Math.fma(w, x[at + i], y[to + i]);
      }
    }
  }

  /** What is done for output row j of slab o. */
  @FunctionalInterface
  public interface RowBody {
    void run(int o, int j);
  }
}
