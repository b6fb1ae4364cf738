package medsora.vae;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.elementwise.Elementwise.silu;

import engine.autodiff.Tape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import nn.Module;
import nn.init.Init;
import org.jspecify.annotations.Nullable;

/** From a chunk of latents [b, C, t, h, w] to frames [b, 3, 4t, 8h, 8w]. */
final class Decoder extends Module {
  private final CausalConv3d convIn;
  private final ResidualBlock[] middle = new ResidualBlock[2];
  private final List<Level> levels = new ArrayList<>();
  private final List<FrequencyCompensation> afterLevels = new ArrayList<>();
  private final LatentGroupNorm normOut;
  private final CausalConv3d convOut;
  private final @Nullable FrequencyCompensation afterMiddle;

  /** Null without one. */
  private final @Nullable CosinePath cosine;

  private StageWatcher watcher = StageWatcher.NONE;

  /** One level, coarsest first: residual blocks, the paper's compensation amid them, up-sampler. */
  private record Level(
      List<ResidualBlock> blocks,
      @Nullable FrequencyCompensation compensation,
      @Nullable Upsampler up) {}

  Decoder(VaeConfig config) {
    int groups = config.groups();
    int latent = config.latentChannels();
    int deepest = config.deepest();
    boolean released = config.compensation().asReleased();
    boolean identity = config.compensation() == VaeConfig.Compensation.ZERO;
    this.convIn = child("conv_in", new CausalConv3d(latent, deepest, 3));
    for (int i = 0; i < middle.length; i++) {
      middle[i] =
          child("mid_block.resnets." + i, new ResidualBlock(deepest, deepest, groups, latent));
    }
    int count = config.widths().size();
    for (int i = 0; i < count; i++) {
      levels.add(level(config, i));
    }
    for (int i = 0; i < count && released; i++) {
      afterLevels.add(
          child(
              "up_freq_compensations." + i,
              new FrequencyCompensation.Volumetric(
                  width(config, i), identity, config.compensationDropout())));
    }
    int finest = config.widths().get(0);
    this.normOut = child("norm_out", ResidualBlock.norm(finest, groups, latent));
    boolean linear = config.compensation() == VaeConfig.Compensation.COSINE;
    this.convOut =
        child(
            "conv_out",
            linear
                ? CausalConv3d.zero(finest, 3, 3, Init.zeros())
                : new CausalConv3d(finest, 3, 3));
    this.cosine = linear ? child("cosine_path", CosinePath.decoding(config)) : null;
    this.afterMiddle =
        released
            ? child("frequency_compensation", new FrequencyCompensation.Folded(deepest, identity))
            : null;
  }

  /** Channels of decoder level i, coarsest first. */
  private static int width(VaeConfig config, int i) {
    return config.widths().get(config.widths().size() - 1 - i);
  }

  private Level level(VaeConfig config, int i) {
    int out = width(config, i);
    int in = width(config, Math.max(0, i - 1));
    String name = "up_blocks." + i;
    List<ResidualBlock> blocks = new ArrayList<>();
    for (int k = 0; k <= config.layers(); k++) {
      blocks.add(
          child(
              name + ".resnets." + k,
              new ResidualBlock(k == 0 ? in : out, out, config.groups(), config.latentChannels())));
    }
    FrequencyCompensation amid =
        config.compensation().asPaper()
            ? child(
                name + ".frequency_compensation",
                new FrequencyCompensation.Volumetric(out, true, config.compensationDropout()))
            : null;
    boolean last = i == config.widths().size() - 1;
    return new Level(
        blocks,
        amid,
        last ? null : child(name + ".upsamplers.0", new Upsampler(out, i < VaeConfig.TIME_LEVELS)));
  }

  void watch(StageWatcher watcher) {
    this.watcher = watcher;
  }

  /**
   * @param pass of this chunk, its latent among it
   */
  Tensor forward(ChunkPass pass) {
    Tensor h = convIn.forward(pass.latent(), pass.caches());
    for (ResidualBlock block : middle) {
      h = pass.run(h, List.of(block), block::forward);
    }
    watcher.gave("mid_block", h);
    if (afterMiddle != null) {
      h = pass.run(h, List.of(afterMiddle), (t, p) -> afterMiddle.forward(t, p.mode()));
    }
    for (int i = 0; i < levels.size(); i++) {
      h = level(i, h, pass);
    }
    Tensor frames = pass.run(h, List.of(normOut, convOut), this::out);
    return cosine == null ? frames : add(frames, cosine.decode(pass.latent()));
  }

  private Tensor out(Tensor h, ChunkPass pass) {
    Tensor active = Tape.scoped(() -> silu(normOut.forward(h, pass)));
    return convOut.consume(active, pass.caches());
  }

  /** Consumes x. */
  private Tensor level(int i, Tensor x, ChunkPass pass) {
    Level level = levels.get(i);
    return Tape.scoped(() -> {
      Tensor h = x;
      for (int k = 0; k < level.blocks().size(); k++) {
        FrequencyCompensation amid = level.compensation();
        if (amid != null && k == level.blocks().size() / 2) {
          h = pass.run(h, List.of(amid), (t, p) -> amid.forward(t, p.mode()));
        }
        ResidualBlock block = level.blocks().get(k);
        h = pass.run(h, List.of(block), block::forward);
      }
      if (level.up() != null) {
        h = Tape.consume(h, level.up()::forward);
      }
      if (!afterLevels.isEmpty()) {
        FrequencyCompensation after = afterLevels.get(i);
        h = pass.run(h, List.of(after), (t, p) -> after.forward(t, p.mode()));
      }
      watcher.gave("up_blocks." + i, h);
      return h;
    });
  }
}
