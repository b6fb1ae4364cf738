package medsora.vae;

import static engine.op.layout.Layout.concat;
import static engine.op.layout.Layout.replicate;
import static engine.op.layout.Layout.slice;

import engine.autodiff.Tape;
import engine.kernel.Padding3;
import engine.tensor.Tensor;
import java.util.List;
import nn.Module;
import nn.init.Init;
import nn.init.Initializer;
import nn.layer.Conv3d;
import nn.layer.Kernel3;

/**
 * A 3-D convolution that sees no later frame: in front of the frames stand the k - 1 before them
 * (from the cache), or the first frame repeated; zeros around height and width. Keeps T, H, W.
 */
final class CausalConv3d extends Module {
  private final int kernel;
  private final Conv3d conv;

  CausalConv3d(int in, int out, int kernel) {
    this(kernel, Conv3d.standard(in, out, window(kernel)));
  }

  private CausalConv3d(int kernel, Conv3d conv) {
    this.kernel = kernel;
    this.conv = child("conv", conv);
  }

  /** A convolution whose weights begin at zero, so that its bias alone comes out at first. */
  static CausalConv3d zero(int in, int out, int kernel, Initializer bias) {
    return new CausalConv3d(kernel, new Conv3d(in, out, window(kernel), 1, Init.zeros(), bias));
  }

  private static Kernel3 window(int kernel) {
    int half = kernel / 2;
    return Kernel3.of(kernel).padding(Padding3.both(0, half, half));
  }

  /** Adds to a list, in the order of the tree, the convolutions that remember frames. */
  static void collect(Module module, List<CausalConv3d> found) {
    if (module instanceof CausalConv3d conv && conv.kernel > 1) {
      found.add(conv);
    }
    module.children().values().forEach(child -> collect(child, found));
  }

  Tensor forward(Tensor x, ConvCaches caches) {
    return kernel == 1 ? conv.forward(x) : conv.forward(padded(x, caches));
  }

  /** The same for an x that nobody reads afterwards: it is gone before the convolution begins. */
  Tensor consume(Tensor x, ConvCaches caches) {
    Tensor h = kernel == 1 ? x : Tape.consume(x, t -> padded(t, caches));
    return Tape.consume(h, conv::forward);
  }

  private Tensor padded(Tensor x, ConvCaches caches) {
    int front = kernel - 1;
    Tensor before = caches.take(this);
    Tensor padded = before == null ? replicate(x, 2, front, 0) : concat(2, before, x);
    if (before != null) {
      caches.discard(before);
    }
    caches.put(this, () -> slice(padded, 2, padded.dim(2) - front, padded.dim(2)));
    return padded;
  }
}
