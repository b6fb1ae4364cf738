package engine.kernel.scalar;

import engine.kernel.Workers;
import engine.random.CounterRandom;
import engine.random.RandomKey;

/** Draws by key and index, and what is made of them. */
final class ScalarRandom {
  private static final int GRAIN = 4096;

  private ScalarRandom() {}

  static void uniform(Workers workers, RandomKey key, float[] y, int n) {
    CounterRandom draws = key.random();
    workers.ranges(n, GRAIN, (from, to) -> draws.uniform(y, from, to));
  }

  static void normal(Workers workers, RandomKey key, float[] y, int n) {
    CounterRandom draws = key.random();
    workers.ranges(n, GRAIN, (from, to) -> draws.normal(y, from, to));
  }

  /** The draws are made in y and then replaced, so that no other memory is needed. */
  static void dropout(Workers workers, RandomKey key, float p, float[] x, float[] y, int n) {
    CounterRandom draws = key.random();
    float scale = (float) (1 / (1 - (double) p));
    workers.ranges(
        n,
        GRAIN,
        (from, to) -> {
          draws.uniform(y, from, to);
          for (int i = from; i < to; i++) {
            y[i] = y[i] >= p ? x[i] * scale : 0f;
          }
        });
  }
}
