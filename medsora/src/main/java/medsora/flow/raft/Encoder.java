package medsora.flow.raft;

import static engine.op.elementwise.Elementwise.relu;

import engine.autodiff.Tape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import nn.Module;
import nn.layer.Conv2d;
import nn.layer.Kernel2;

/** The residual network from a picture to its features on a grid coarser by 8. */
final class Encoder extends Module {
  private static final int[] BASIC = {64, 96, 128};
  private static final int[] SMALL = {32, 64, 96};

  private final ChannelNorm norm;
  private final Conv2d first;
  private final List<EncoderBlock> blocks = new ArrayList<>();
  private final Conv2d last;

  Encoder(int out, ChannelNorm.Kind kind, boolean small) {
    int[] widths = small ? SMALL : BASIC;
    this.norm = child("norm1", new ChannelNorm(widths[0], kind));
    this.first = child("conv1", Conv2d.standard(3, widths[0], Kernel2.same(7).stride(2)));
    int in = widths[0];
    for (int i = 0; i < widths.length; i++) {
      String layer = "layer" + (i + 1);
      int step = i == 0 ? 1 : 2;
      block(layer + ".0", new EncoderBlock(in, widths[i], step, kind, small));
      block(layer + ".1", new EncoderBlock(widths[i], widths[i], 1, kind, small));
      in = widths[i];
    }
    this.last = child("conv2", Conv2d.standard(in, out, Kernel2.of(1)));
  }

  private void block(String name, EncoderBlock block) {
    blocks.add(child(name, block));
  }

  /** [N, 3, 8h, 8w] in -1..1 -> [N, out, h, w]. */
  Tensor forward(Tensor x) {
    Tensor y = Tape.scoped(() -> relu(norm.forward(first.forward(x))));
    for (EncoderBlock block : blocks) {
      Tensor in = y;
      y = Tape.scoped(() -> block.forward(in));
    }
    return last.forward(y);
  }
}
