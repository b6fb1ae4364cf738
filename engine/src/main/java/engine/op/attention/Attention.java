package engine.op.attention;

import engine.autodiff.Tape;
import engine.tensor.Tensor;

/** Softmax and attention, for static import. Numeric contract: N7. */
public final class Attention {
  private Attention() {}

  /** Softmax over the last axis. PyTorch: softmax(dim=-1). */
  public static Tensor softmax(Tensor x) {
    return Tape.apply(new Softmax(), x);
  }
}
