package medsora.baseline.lvdm;

import engine.autodiff.Tape;
import engine.kernel.Stride3;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import nn.Module;

/** From latents [b, C, t, h, w] behind the first 1x1x1 to a clip [b, 3, t f, h s, w s]. */
final class LvdmDecoder extends Module {
  private record Level(ReplicatedConvTranspose3d up, VolumeBlock first, VolumeBlock second) {}

  private final List<Level> levels = new ArrayList<>();
  private final ReplicatedConv3d convOut;

  LvdmDecoder(LvdmVaeConfig config) {
    List<Stride3> strides = config.strides();
    int in = config.latentChannels();
    int out = config.width() << strides.size();
    for (Stride3 stride : strides) {
      String name = "conv_blocks." + levels.size();
      levels.add(
          new Level(
              child(name + ".up", new ReplicatedConvTranspose3d(in, out, stride)),
              child(name + ".res1", new VolumeBlock(out)),
              child(name + ".res2", new VolumeBlock(out))));
      in = out;
      out /= 2;
    }
    this.convOut = child("conv_out", new ReplicatedConv3d(in, 3, 3));
  }

  /** Of a z that nobody reads afterwards. */
  Tensor consume(Tensor z, VolumePass pass) {
    Tensor h = z;
    for (int i = 0; i < levels.size(); i++) {
      String name = "decoder.conv_blocks." + i;
      h = Tape.consume(h, levels.get(i).up()::forward);
      pass.watcher().gave(name + ".up", h);
      h = pass.consume(h, levels.get(i).first());
      pass.watcher().gave(name + ".res1", h);
      h = pass.consume(h, levels.get(i).second());
      pass.watcher().gave(name + ".res2", h);
    }
    return Tape.consume(h, convOut::forward);
  }
}
