package engine.kernel;

import engine.tensor.Storage;

/** Attention in a window; tables of scores are [batch, heads, length, slots]. */
public interface WindowedAttentionKernels {
  /** scores = scale * (q k) for the keys that each query sees, {@code absent} in other slots. */
  void scores(AttentionArgs args, float scale, float absent, Storage q, Storage k, Storage scores);

  /** y[query] = scale * (sum over the keys it sees of a * x[key]). */
  void apply(AttentionArgs args, float scale, Storage a, Storage x, Storage y);

  /** y[key] = scale * (sum over the queries that see it of a * x[query]), in every version. */
  void gather(AttentionArgs args, float scale, Storage a, Storage x, Storage y);
}
