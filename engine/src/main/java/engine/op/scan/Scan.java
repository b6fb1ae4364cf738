package engine.op.scan;

import engine.autodiff.Tape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;

/** Causal convolutions and state space scans along a sequence, for static import. */
public final class Scan {
  private Scan() {}

  /**
   * {@link CausalConv1d} of x [B,L,C] with weight [C,1,K].
   *
   * @param bias [C] or null
   */
  public static Tensor causalConv1d(Tensor x, Tensor weight, Tensor bias, boolean silu) {
    return conv(new CausalConv1d(silu), x, weight, bias);
  }

  /**
   * {@link CausalConv1d} of the channels [from, from + channels) of wide [B,L,W], read where they
   * lie; the gradient of wide is zero beside them.
   *
   * @param bias [channels] or null
   */
  public static Tensor causalConv1dSlice(
      Tensor wide, int from, int channels, Tensor weight, Tensor bias, boolean silu) {
    ShapeException.require(
        from >= 0 && weight.shape().rank() == 3 && weight.dim(0) == channels,
        "causalConv1d",
        "channels [%d,%d) with weight=%s of x=%s",
        from,
        from + channels,
        weight.shape(),
        wide.shape());
    return conv(new CausalConv1d(silu, from), wide, weight, bias);
  }

  private static Tensor conv(CausalConv1d op, Tensor x, Tensor weight, Tensor bias) {
    return bias == null ? Tape.apply(op, x, weight) : Tape.apply(op, x, weight, bias);
  }
}
