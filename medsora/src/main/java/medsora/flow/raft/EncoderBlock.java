package medsora.flow.raft;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.elementwise.Elementwise.relu;

import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import nn.Module;
import nn.layer.Conv2d;
import nn.layer.Kernel2;
import org.jspecify.annotations.Nullable;

/**
 * A residual block of an encoder: relu(shortcut(x) + f(x)), f two 3x3 convolutions, or in the small
 * network 1x1 to a quarter of the channels, 3x3, and 1x1 back; a norm and ReLU after each. Where
 * the block halves height and width the shortcut is a 1x1 convolution of stride 2 with a norm.
 */
final class EncoderBlock extends Module {
  private final List<Conv2d> convolutions = new ArrayList<>();
  private final List<ChannelNorm> norms = new ArrayList<>();

  /** Null where the block keeps the size. */
  private final @Nullable Shortcut shortcut;

  private record Shortcut(Conv2d halving, ChannelNorm norm) {
    Tensor forward(Tensor x) {
      return norm.forward(halving.forward(x));
    }
  }

  EncoderBlock(int in, int out, int step, ChannelNorm.Kind kind, boolean bottleneck) {
    if (bottleneck) {
      int narrow = out / 4;
      convolution(Conv2d.standard(in, narrow, Kernel2.of(1)));
      convolution(Conv2d.standard(narrow, narrow, Kernel2.same(3).stride(step)));
      convolution(Conv2d.standard(narrow, out, Kernel2.of(1)));
      norm(narrow, kind);
      norm(narrow, kind);
    } else {
      convolution(Conv2d.standard(in, out, Kernel2.same(3).stride(step)));
      convolution(Conv2d.standard(out, out, Kernel2.same(3)));
      norm(out, kind);
    }
    norm(out, kind);
    this.shortcut = step == 1 ? null : shortcut(in, out, step, kind);
  }

  private Shortcut shortcut(int in, int out, int step, ChannelNorm.Kind kind) {
    // Published under two names.
    ChannelNorm norm = child("norm" + (norms.size() + 1), new ChannelNorm(out, kind));
    Conv2d halving = child("downsample.0", Conv2d.standard(in, out, Kernel2.of(1).stride(step)));
    child("downsample.1", norm);
    return new Shortcut(halving, norm);
  }

  private void convolution(Conv2d convolution) {
    convolutions.add(child("conv" + (convolutions.size() + 1), convolution));
  }

  private void norm(int channels, ChannelNorm.Kind kind) {
    norms.add(child("norm" + (norms.size() + 1), new ChannelNorm(channels, kind)));
  }

  Tensor forward(Tensor x) {
    Tensor y = x;
    for (int i = 0; i < convolutions.size(); i++) {
      y = relu(norms.get(i).forward(convolutions.get(i).forward(y)));
    }
    Tensor straight = shortcut == null ? x : shortcut.forward(x);
    return relu(add(straight, y));
  }
}
