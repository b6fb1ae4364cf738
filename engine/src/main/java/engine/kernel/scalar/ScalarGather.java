package engine.kernel.scalar;

import engine.kernel.GatherArgs;
import engine.kernel.Workers;

/** Rows picked by an index list. Pure copies, so there is nothing for a SIMD twin to do. */
final class ScalarGather {
  private static final int GRAIN = 8192;

  /** Rows shorter than this are copied by a loop, where a call would cost more. */
  private static final int SHORT = 8;

  private ScalarGather() {}

  static void run(Workers workers, GatherArgs args, float[] x, float[] y) {
    int out = args.index().length;
    int inner = args.inner();
    workers.ranges(
        args.outer() * out,
        Math.max(1, GRAIN / Math.max(1, inner)),
        (from, to) -> {
          int o = from / out;
          int j = from % out;
          for (int row = from; row < to; row++) {
            int at = (o * args.in() + args.index()[j]) * inner;
            if (inner < SHORT) {
              for (int i = 0; i < inner; i++) {
                y[row * inner + i] = x[at + i];
              }
            } else {
              System.arraycopy(x, at, y, row * inner, inner);
            }
            j++;
            if (j == out) {
              j = 0;
              o++;
            }
          }
        });
  }
}
