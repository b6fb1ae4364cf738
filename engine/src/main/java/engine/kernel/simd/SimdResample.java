package engine.kernel.simd;

import static engine.kernel.simd.SimdSpecies.F;
import static engine.kernel.simd.SimdSpecies.L;
import static engine.tensor.HeapStorage.array;
import static engine.tensor.HeapStorage.readOnly;

import engine.kernel.ResampleArgs;
import engine.kernel.ResampleKernels;
import engine.kernel.ResampleTable;
import engine.kernel.Workers;
import engine.kernel.scalar.ScalarResample;
import engine.tensor.Storage;
import jdk.incubator.vector.FloatVector;

/**
 * {@link ScalarResample} with vectors across the inner axis; the sums of a few taps stay in
 * registers. Where the last axis is resampled, vectors run across neighbouring outputs whose taps
 * move along with them, as those of an average do. What is shorter than a vector is left to the
 * twin.
 */
final class SimdResample implements ResampleKernels {
  /** Multiply-adds of one task. */
  private static final int GRAIN = 1 << 14;

  private final Workers workers;

  SimdResample(Workers workers) {
    this.workers = workers;
  }

  @Override
  public void apply(ResampleArgs args, Storage input, Storage output) {
    float[] x = readOnly(input);
    float[] y = array(output);
    Slide slide = args.inner() == 1 ? Slide.longest(args.table()) : new Slide(0, 0);
    if (slide.length() >= L) {
      lines(args, slide, x, y);
      return;
    }
    int whole = F.loopBound(args.inner());
    ScalarResample.split(
        workers,
        args,
        (o, j) -> {
          if (whole > 0) {
            row(args, o, j, whole, x, y);
          }
          if (whole < args.inner()) {
            ScalarResample.row(args, o, j, whole, x, y);
          }
        });
  }

  /** Outputs [from, to) of equal weights, each of whose sources lie one beyond its neighbour's. */
  private record Slide(int from, int to) {
    int length() {
      return to - from;
    }

    static Slide longest(ResampleTable table) {
      Slide best = new Slide(0, 0);
      int from = 0;
      for (int j = 1; j <= table.out(); j++) {
        if (j == table.out() || !follows(table, j)) {
          if (j - from > best.length()) {
            best = new Slide(from, j);
          }
          from = j;
        }
      }
      return best;
    }

    private static boolean follows(ResampleTable table, int j) {
      int[] start = table.start();
      int taps = start[j] - start[j - 1];
      boolean alike = start[j + 1] - start[j] == taps;
      for (int t = start[j]; alike && t < start[j + 1]; t++) {
        alike =
            table.source()[t] == table.source()[t - taps] + 1
                && Float.compare(table.weight()[t], table.weight()[t - taps]) == 0;
      }
      return alike;
    }
  }

  /** An inner axis of one element: the outputs of a slide at once. */
  private void lines(ResampleArgs args, Slide slide, float[] x, float[] y) {
    int out = args.table().out();
    workers.ranges(
        args.outer(),
        Math.ceilDiv(GRAIN, Math.max(1, args.table().taps())),
        (first, end) -> {
          for (int o = first; o < end; o++) {
            for (int j = 0; j < slide.from; j++) {
              ScalarResample.row(args, o, j, 0, x, y);
            }
            row(args, o, slide.from, slide.length(), x, y);
            for (int j = slide.to; j < out; j++) {
              ScalarResample.row(args, o, j, 0, x, y);
            }
          }
        });
  }

  /** At least a vector of elements; the last vector may begin early. */
  private static void row(ResampleArgs args, int o, int j, int end, float[] x, float[] y) {
    ResampleTable table = args.table();
    int[] source = table.source();
    float[] weight = table.weight();
    int inner = args.inner();
    int slab = o * table.in() * inner;
    int to = (o * table.out() + j) * inner;
    int first = table.start()[j];
    int last = table.start()[j + 1];
    for (int k = 0; k < end; k += L) {
      int i = Math.min(k, end - L);
      FloatVector sum = FloatVector.zero(F);
      if (first < last) {
        sum = FloatVector.fromArray(F, x, slab + source[first] * inner + i).mul(weight[first]);
      }
      for (int t = first + 1; t < last; t++) {
        FloatVector v = FloatVector.fromArray(F, x, slab + source[t] * inner + i);
        sum = FloatVector.broadcast(F, weight[t]).fma(v, sum);
      }
      sum.intoArray(y, to + i);
    }
  }
}
