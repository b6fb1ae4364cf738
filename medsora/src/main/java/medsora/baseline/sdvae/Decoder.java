package medsora.baseline.sdvae;

import static engine.op.elementwise.Elementwise.silu;

import engine.autodiff.Tape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import medsora.vae.StageWatcher;
import nn.Module;
import nn.layer.Conv2d;
import nn.layer.GroupNorm;
import nn.layer.Kernel2;

/**
 * From latents [N, C, h, w] to pictures [N, 3, 8h, 8w]. The middle runs first and stands behind the
 * levels in the state dict.
 */
final class Decoder extends Module {
  private final Conv2d first;
  private final List<Level> levels = new ArrayList<>();
  private final Middle middle;
  private final GroupNorm norm;
  private final Conv2d last;

  Decoder(SdVaeConfig config) {
    List<Integer> widths = config.widths().reversed();
    int deepest = config.deepest();
    this.first =
        child("conv_in", Conv2d.standard(config.latentChannels(), deepest, Kernel2.same(3)));
    for (int i = 0; i < widths.size(); i++) {
      boolean finest = i == widths.size() - 1;
      Level.Scaling scaling = finest ? Level.Scaling.NONE : Level.Scaling.DOUBLE;
      int in = widths.get(Math.max(0, i - 1));
      Level level = new Level(in, widths.get(i), config.layers() + 1, config.groups(), scaling);
      levels.add(child("up_blocks." + i, level));
    }
    this.middle = child("mid_block", new Middle(deepest, config.groups()));
    int width = widths.getLast();
    this.norm = child("conv_norm_out", new GroupNorm(config.groups(), width, Residual.EPS));
    this.last = child("conv_out", Conv2d.standard(width, 3, Kernel2.same(3)));
  }

  Tensor forward(Tensor z, StageWatcher watcher) {
    Tensor h = Tape.consume(first.forward(z), middle::forward);
    watcher.gave("mid_block", h);
    for (int i = 0; i < levels.size(); i++) {
      h = levels.get(i).consume(h);
      watcher.gave("up_blocks." + i, h);
    }
    return Tape.consume(h, t -> last.forward(silu(norm.forward(t))));
  }
}
