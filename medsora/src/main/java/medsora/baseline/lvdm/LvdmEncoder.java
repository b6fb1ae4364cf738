package medsora.baseline.lvdm;

import engine.autodiff.Tape;
import engine.kernel.Stride3;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import nn.Module;
import nn.layer.GroupNorm;

/** From a clip [b, 3, T, H, W] to [b, 2 C, T / f, H / s, W / s], before the last 1x1x1. */
final class LvdmEncoder extends Module {
  private static final int KERNEL = 4;

  private record Level(ReplicatedConv3d down, VolumeBlock block) {}

  private final List<Level> levels = new ArrayList<>();
  private final ReplicatedConv3d first;
  private final GroupNorm normOut;
  private final ReplicatedConv3d convOut;

  LvdmEncoder(LvdmVaeConfig config) {
    int width = config.width();
    for (Stride3 stride : config.strides()) {
      String name = "conv_blocks." + levels.size();
      levels.add(
          new Level(
              child(name + ".down", new ReplicatedConv3d(width, 2 * width, KERNEL, stride)),
              child(name + ".res", new VolumeBlock(2 * width))));
      width *= 2;
    }
    this.first = child("conv_first", new ReplicatedConv3d(3, config.width(), 3));
    this.normOut = child("final_block.0", VolumeBlock.norm(width));
    this.convOut =
        child("final_block.2", new ReplicatedConv3d(width, 2 * config.latentChannels(), 3));
  }

  Tensor forward(Tensor x, VolumePass pass) {
    Tensor h = first.forward(x);
    pass.watcher().gave("encoder.conv_first", h);
    for (int i = 0; i < levels.size(); i++) {
      String name = "encoder.conv_blocks." + i;
      h = Tape.consume(h, levels.get(i).down()::forward);
      pass.watcher().gave(name + ".down", h);
      h = pass.consume(h, levels.get(i).block());
      pass.watcher().gave(name + ".res", h);
    }
    Tensor last = VolumeBlock.rectified(Tape.consume(h, normOut::forward));
    return Tape.consume(last, convOut::forward);
  }
}
