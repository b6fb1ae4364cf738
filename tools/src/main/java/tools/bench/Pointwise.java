package tools.bench;

import engine.op.elementwise.Elementwise;
import engine.tensor.Tensor;
import java.util.function.Supplier;

/** A function of each element, or of each token with a vector per sample, of [rows, width]. */
public record Pointwise(Kind kind, Pass pass, int rows, int width) implements Operation {
  /** Which one, and how many large tensors it reads forward. */
  public enum Kind {
    ADD(2),
    EXP(1),
    GELU(1),
    SILU(1),
    MODULATE(1),
    GATE_ADD(2);

    private final int inputs;

    Kind(int inputs) {
      this.inputs = inputs;
    }
  }

  /** Backward reads gradOutput and what was kept, and writes a gradient for each input. */
  @Override
  public Work work() {
    int tensors = pass == Pass.FORWARD ? kind.inputs + 1 : (2 * kind.inputs) + 1;
    return Work.moving((long) tensors * rows * width);
  }

  @Override
  public Task open(Task.Tensors tensors) {
    Tensor x = pass.input(tensors.of(1, rows, width));
    Tensor second = kind.inputs == 2 ? pass.input(tensors.of(1, rows, width)) : null;
    Tensor scale = pass.weight(tensors.of(1, width));
    Tensor shift = pass.weight(tensors.of(1, width));
    Supplier<Tensor> forward =
        switch (kind) {
          case ADD -> () -> Elementwise.add(x, second);
          case EXP -> () -> Elementwise.exp(x);
          case GELU -> () -> Elementwise.gelu(x);
          case SILU -> () -> Elementwise.silu(x);
          case MODULATE -> () -> Elementwise.modulate(x, shift, scale);
          case GATE_ADD -> () -> Elementwise.gateAdd(x, scale, second);
        };
    return Task.of(pass, tensors, forward);
  }
}
