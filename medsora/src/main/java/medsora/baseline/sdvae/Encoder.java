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

/** From pictures [N, 3, H, W] to the moments of their latents [N, 2C, H/8, W/8]. */
final class Encoder extends Module {
  private final Conv2d first;
  private final List<Level> levels = new ArrayList<>();
  private final Middle middle;
  private final GroupNorm norm;
  private final Conv2d last;

  Encoder(SdVaeConfig config) {
    List<Integer> widths = config.widths();
    this.first = child("conv_in", Conv2d.standard(3, widths.getFirst(), Kernel2.same(3)));
    for (int i = 0; i < widths.size(); i++) {
      boolean deepest = i == widths.size() - 1;
      Level.Scaling scaling = deepest ? Level.Scaling.NONE : Level.Scaling.HALF;
      int in = widths.get(Math.max(0, i - 1));
      Level level = new Level(in, widths.get(i), config.layers(), config.groups(), scaling);
      levels.add(child("down_blocks." + i, level));
    }
    int width = config.deepest();
    this.middle = child("mid_block", new Middle(width, config.groups()));
    this.norm = child("conv_norm_out", new GroupNorm(config.groups(), width, Residual.EPS));
    this.last =
        child("conv_out", Conv2d.standard(width, 2 * config.latentChannels(), Kernel2.same(3)));
  }

  Tensor forward(Tensor x, StageWatcher watcher) {
    Tensor h = first.forward(x);
    for (int i = 0; i < levels.size(); i++) {
      h = levels.get(i).consume(h);
      watcher.gave("down_blocks." + i, h);
    }
    h = Tape.consume(h, middle::forward);
    watcher.gave("mid_block", h);
    return Tape.consume(h, t -> last.forward(silu(norm.forward(t))));
  }
}
