package medsora.baseline.sdvae;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.elementwise.Elementwise.silu;

import engine.autodiff.Tape;
import engine.tensor.Tensor;
import nn.Module;
import nn.layer.Conv2d;
import nn.layer.GroupNorm;
import nn.layer.Kernel2;
import org.jspecify.annotations.Nullable;

/**
 * norm, SiLU, convolution, norm, SiLU, convolution, plus the input (through a 1x1 convolution where
 * the widths differ).
 */
final class Residual extends Module {
  static final double EPS = 1e-6;

  private final GroupNorm norm1;
  private final Conv2d conv1;
  private final GroupNorm norm2;
  private final Conv2d conv2;
  private final @Nullable Conv2d shortcut;

  Residual(int in, int out, int groups) {
    this.norm1 = child("norm1", new GroupNorm(groups, in, EPS));
    this.conv1 = child("conv1", Conv2d.standard(in, out, Kernel2.same(3)));
    this.norm2 = child("norm2", new GroupNorm(groups, out, EPS));
    this.conv2 = child("conv2", Conv2d.standard(out, out, Kernel2.same(3)));
    this.shortcut =
        in == out ? null : child("conv_shortcut", Conv2d.standard(in, out, Kernel2.of(1)));
  }

  /** [N, in, h, w] -> [N, out, h, w]. */
  Tensor forward(Tensor x) {
    return Tape.scoped(() -> {
      Tensor h = Tape.scoped(() -> silu(norm1.forward(x)));
      h = Tape.consume(h, conv1::forward);
      h = Tape.consume(h, t -> silu(norm2.forward(t)));
      h = Tape.consume(h, conv2::forward);
      return add(shortcut == null ? x : shortcut.forward(x), h);
    });
  }
}
