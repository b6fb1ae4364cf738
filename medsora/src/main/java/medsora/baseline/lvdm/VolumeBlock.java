package medsora.baseline.lvdm;

import static engine.op.elementwise.Elementwise.add;

import engine.autodiff.Tape;
import engine.op.elementwise.Elementwise;
import engine.tensor.Tensor;
import nn.Module;
import nn.layer.GroupNorm;

/**
 * The autoencoder's residual block: x + conv(silu(norm(conv(silu(norm(x)))))), 3x3x3, one width.
 */
final class VolumeBlock extends Module {
  private static final double EPS = 1e-6;

  private final GroupNorm norm1;
  private final ReplicatedConv3d conv1;
  private final GroupNorm norm2;
  private final ReplicatedConv3d conv2;

  VolumeBlock(int channels) {
    this.norm1 = child("norm1", norm(channels));
    this.conv1 = child("conv1", new ReplicatedConv3d(channels, channels, 3));
    this.norm2 = child("norm2", norm(channels));
    this.conv2 = child("conv2", new ReplicatedConv3d(channels, channels, 3));
  }

  static GroupNorm norm(int channels) {
    return new GroupNorm(LvdmLayers.GROUPS, channels, EPS);
  }

  /** [b, C, T, H, W] -> the same shape. */
  Tensor forward(Tensor x) {
    Tensor h = Tape.consume(rectified(norm1.forward(x)), conv1::forward);
    h = Tape.consume(rectified(Tape.consume(h, norm2::forward)), conv2::forward);
    return Tape.consume(h, y -> add(x, y));
  }

  /** silu of an x that nobody reads afterwards. */
  static Tensor rectified(Tensor x) {
    return Tape.consume(x, Elementwise::silu);
  }
}
