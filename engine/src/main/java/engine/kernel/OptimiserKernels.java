package engine.kernel;

import engine.tensor.Storage;

/** Steps of an optimiser over n elements. */
public interface OptimiserKernels {
  /** One step of Adam in place; see {@link AdamArgs}. */
  void adam(AdamArgs args, AdamState state, int n);

  /** A moving average in place; see {@link EmaArgs}. */
  void ema(EmaArgs args, Storage p, Storage average, int n);

  /** {@link #adam}, then {@link #ema} of the new p, while they are in the cache. */
  void adamEma(AdamArgs args, AdamState state, EmaArgs ema, Storage average, int n);
}
