package engine.kernel.scalar;

import static engine.tensor.HeapStorage.array;
import static engine.tensor.HeapStorage.readOnly;

import engine.kernel.RandomKernels;
import engine.kernel.Workers;
import engine.random.CounterRandom;
import engine.random.RandomKey;
import engine.tensor.Storage;

/** Draws by key and index, and what is made of them. */
public class ScalarRandom implements RandomKernels {
  private static final int GRAIN = 4096;

  private final Workers workers;

  public ScalarRandom(Workers workers) {
    this.workers = workers;
  }

  @Override
  public void uniform(RandomKey key, Storage output, int n) {
    float[] y = array(output);
    CounterRandom draws = key.random();
    workers.ranges(n, GRAIN, (from, to) -> draws.uniform(y, from, to));
  }

  @Override
  public void normal(RandomKey key, Storage output, int n) {
    float[] y = array(output);
    CounterRandom draws = key.random();
    workers.ranges(n, GRAIN, (from, to) -> draws.normal(y, from, to));
  }

  /** The draws are made in y and then replaced, so that no other memory is needed. */
  @Override
  public void dropout(RandomKey key, float p, Storage input, Storage output, int n) {
    float[] x = readOnly(input);
    float[] y = array(output);
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
