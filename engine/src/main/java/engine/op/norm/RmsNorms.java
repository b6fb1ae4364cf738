package engine.op.norm;

import engine.autodiff.Tape;
import engine.kernel.Walks;
import engine.tensor.Tensor;

/** Root mean square norms, for static import. */
public final class RmsNorms {
  /** The eps of Mamba-2. */
  public static final float EPS = 1e-5f;

  private RmsNorms() {}

  /** RMSNorm(x) * weight over the whole last axis of x [...,W], weight [W]. */
  public static Tensor rmsNorm(Tensor x, Tensor weight, float eps) {
    return Tape.apply(new RmsNormGated(0, false, eps), x, weight);
  }

  /**
   * RMSNorm(x * silu(z)) * weight over the whole last axis of x and z [...,W], weight [W], eps
   * 1e-5: what Mamba-2 uses.
   */
  public static Tensor rmsNormGated(Tensor x, Tensor z, Tensor weight) {
    return rmsNormGated(x, z, weight, 0, false, EPS);
  }

  /** {@link RmsNormGated} of x and z [...,W] and weight [W] with every choice open. */
  public static Tensor rmsNormGated(
      Tensor x, Tensor z, Tensor weight, int groupSize, boolean normBeforeGate, float eps) {
    return Tape.apply(new RmsNormGated(groupSize, normBeforeGate, eps), x, weight, z);
  }

  /**
   * {@link RmsNormMerge}, eps 1e-5: [sums,B,T,W] of x along the walks, gated by the columns [from,
   * from + W) of wide [B,T,Z].
   */
  public static Tensor rmsNormMerge(
      Tensor x, Tensor wide, int from, Tensor weight, Walks walks, int sums) {
    return Tape.apply(new RmsNormMerge(walks, sums, EPS, from), x, weight, wide);
  }
}
