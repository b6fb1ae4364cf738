package medsora.vae;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.elementwise.Elementwise.silu;
import static engine.op.layout.Layout.concat;
import static engine.op.layout.Layout.slice;

import engine.autodiff.Tape;
import engine.random.RandomKey;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import nn.Module;
import org.jspecify.annotations.Nullable;

/** From a chunk of frames [b, 3, T, H, W] to the moments of its latents [b, 2C, T/4, H/8, W/8]. */
final class Encoder extends Module {
  /** First log-variance of latents where a cosine path gives their means. */
  private static final float BEGINNING = -6;

  private final CausalConv3d convIn;
  private final List<Level> levels = new ArrayList<>();
  private final ResidualBlock[] middle = new ResidualBlock[2];
  private final LatentGroupNorm normOut;
  private final CausalConv3d convOut;
  private final @Nullable FrequencyCompensation compensation;

  /** Null without one. */
  private final @Nullable CosinePath cosine;

  private StageWatcher watcher = StageWatcher.NONE;

  /** One level: residual blocks, the paper's compensation, the down-sampler; the last has none. */
  private record Level(
      List<ResidualBlock> blocks,
      @Nullable FrequencyCompensation compensation,
      @Nullable Downsampler down) {}

  Encoder(VaeConfig config) {
    int groups = config.groups();
    this.convIn = child("conv_in", new CausalConv3d(3, config.widths().get(0), 3));
    for (int i = 0; i < config.widths().size(); i++) {
      levels.add(level(config, i));
    }
    int deepest = config.deepest();
    for (int i = 0; i < middle.length; i++) {
      middle[i] = child("mid_block.resnets." + i, new ResidualBlock(deepest, deepest, groups, 0));
    }
    this.normOut = child("norm_out", ResidualBlock.norm(deepest, groups, 0));
    int latent = config.latentChannels();
    boolean linear = config.compensation() == VaeConfig.Compensation.COSINE;
    this.convOut =
        child(
            "conv_out",
            linear
                ? CausalConv3d.zero(deepest, 2 * latent, 3, Encoder::small)
                : new CausalConv3d(deepest, 2 * latent, 3));
    this.cosine = linear ? child("cosine_path", CosinePath.encoding(config)) : null;
    this.compensation =
        config.compensation().asReleased()
            ? child(
                "frequency_compensation",
                new FrequencyCompensation.Folded(
                    deepest, config.compensation() == VaeConfig.Compensation.ZERO))
            : null;
  }

  private Level level(VaeConfig config, int i) {
    int out = config.widths().get(i);
    int in = config.widths().get(Math.max(0, i - 1));
    String name = "down_blocks." + i;
    List<ResidualBlock> blocks = new ArrayList<>();
    for (int k = 0; k < config.layers(); k++) {
      blocks.add(
          child(
              name + ".resnets." + k,
              new ResidualBlock(k == 0 ? in : out, out, config.groups(), 0)));
    }
    if (i == config.widths().size() - 1) {
      return new Level(blocks, null, null);
    }
    FrequencyCompensation before =
        config.compensation().asPaper()
            ? child(name + ".frequency_compensation", new FrequencyCompensation.Framewise(out))
            : null;
    return new Level(
        blocks,
        before,
        child(name + ".downsamplers.0", new Downsampler(out, i < VaeConfig.TIME_LEVELS)));
  }

  void watch(StageWatcher watcher) {
    this.watcher = watcher;
  }

  Tensor forward(Tensor x, ChunkPass pass) {
    Tensor h = convIn.forward(x, pass.caches());
    for (int i = 0; i < levels.size(); i++) {
      h = level(levels.get(i), h, pass);
      watcher.gave("down_blocks." + i, h);
    }
    for (ResidualBlock block : middle) {
      h = pass.run(h, List.of(block), block::forward);
    }
    watcher.gave("mid_block", h);
    if (compensation != null) {
      h = pass.run(h, List.of(compensation), (t, p) -> compensation.forward(t, p.mode()));
    }
    Tensor moments = pass.run(h, List.of(normOut, convOut), this::out);
    return cosine == null ? moments : beside(cosine.encode(x), moments);
  }

  /** Means that begin at 0, and log-variances that begin small: the path's latents are exact. */
  private static void small(float[] bias, Shape shape, RandomKey key) {
    Arrays.fill(bias, bias.length / 2, bias.length, BEGINNING);
  }

  /** Adds the path's latents [b, C, t, h, w] to the means among the moments [b, 2C, t, h, w]. */
  private static Tensor beside(Tensor latents, Tensor moments) {
    int c = latents.dim(1);
    return Tape.scoped(
        () -> concat(1, add(slice(moments, 1, 0, c), latents), slice(moments, 1, c, 2 * c)));
  }

  private Tensor out(Tensor h, ChunkPass pass) {
    Tensor active = Tape.scoped(() -> silu(normOut.forward(h, pass)));
    return convOut.consume(active, pass.caches());
  }

  /** Consumes x. */
  private static Tensor level(Level level, Tensor x, ChunkPass pass) {
    return Tape.scoped(() -> {
      Tensor h = x;
      for (ResidualBlock block : level.blocks()) {
        h = pass.run(h, List.of(block), block::forward);
      }
      FrequencyCompensation amid = level.compensation();
      if (amid != null) {
        h = pass.run(h, List.of(amid), (t, p) -> amid.forward(t, p.mode()));
      }
      return level.down() == null ? h : Tape.consume(h, level.down()::forward);
    });
  }
}
