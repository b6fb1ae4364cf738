package tools.bench;

import engine.op.attention.Attention;
import engine.op.norm.Norm;
import engine.op.norm.RmsNorms;
import engine.tensor.Tensor;
import java.util.function.Supplier;

/**
 * Norms of [outer, width, inner], and softmax of rows; judged by the bytes that must move.
 *
 * @param outer rows, or the batch of a group norm
 * @param width elements of a row, or channels of a group norm
 * @param inner positions of a channel of a group norm, else 1
 */
public record Normalisation(Kind kind, Pass pass, int outer, int width, int inner)
    implements Operation {
  /** Groups of every group norm. */
  public static final int GROUPS = 32;

  private static final float EPS = 1e-5f;

  /** Which one, and how many tensors of the size of x it reads or writes forward. */
  public enum Kind {
    LAYER_NORM(2),
    GROUP_NORM(2),
    RMS_NORM_GATED(3),
    SOFTMAX(2);

    private final int forward;

    Kind(int forward) {
      this.forward = forward;
    }

    /** Backward reads gradOutput beside the inputs and writes a gradient for each input. */
    int tensors(Pass pass) {
      return pass == Pass.FORWARD ? forward : (2 * forward) - 1;
    }
  }

  @Override
  public Work work() {
    return Work.moving((long) kind.tensors(pass) * outer * width * inner);
  }

  @Override
  public Task open(Task.Tensors tensors) {
    Tensor x = pass.input(kind == Kind.GROUP_NORM ? planes(tensors) : tensors.of(outer, width));
    Tensor weight = pass.weight(tensors.of(width));
    Tensor bias = pass.weight(tensors.of(width));
    Tensor gate = kind == Kind.RMS_NORM_GATED ? pass.input(tensors.of(outer, width)) : null;
    Supplier<Tensor> forward =
        switch (kind) {
          case LAYER_NORM -> () -> Norm.layerNorm(x, weight, bias, EPS);
          case GROUP_NORM -> () -> Norm.groupNorm(x, GROUPS, weight, bias, EPS);
          case RMS_NORM_GATED -> () -> RmsNorms.rmsNormGated(x, gate, weight);
          case SOFTMAX -> () -> Attention.softmax(x);
        };
    return Task.of(pass, tensors, forward);
  }

  private Tensor planes(Task.Tensors tensors) {
    return tensors.of(outer, width, inner);
  }
}
