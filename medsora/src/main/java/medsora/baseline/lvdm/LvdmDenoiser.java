package medsora.baseline.lvdm;

import static engine.op.elementwise.Elementwise.silu;
import static engine.op.layout.Layout.concat;
import static engine.op.layout.Layout.permute;

import engine.autodiff.Recompute;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import medsora.diffusion.NoisePredictor;
import medsora.diffusion.Practice;
import medsora.diffusion.Sampler;
import medsora.diffusion.StepFrequencies;
import medsora.vae.StageWatcher;
import nn.Mode;
import nn.Module;
import nn.layer.Conv3d;
import nn.layer.GroupNorm;
import nn.layer.Linear;

/**
 * LVDM's denoiser: a U-Net whose convolutions see one frame and whose attention joins the frames.
 * What each stage on the way down gives is appended, last first, to what goes into the stages on
 * the way up. State-dict names and order are those of the released code below {@code
 * model.diffusion_model}.
 */
public final class LvdmDenoiser extends Module implements NoisePredictor {
  /** The prediction alone: the levels of a U-Net have nothing alike to align. */
  private record Prediction(Tensor prediction) implements Output {
    @Override
    public List<Tensor> hidden(String name) {
      return List.of();
    }
  }

  private final LvdmConfig config;
  private final Linear embedFirst;
  private final Linear embedSecond;
  private final List<UnetStage> down = new ArrayList<>();
  private final UnetStage middle;
  private final List<UnetStage> up = new ArrayList<>();
  private final GroupNorm normOut;
  private final Conv3d convOut;
  private StageWatcher watcher = StageWatcher.NONE;
  private boolean recompute;

  public LvdmDenoiser(LvdmConfig config) {
    this.config = config;
    this.embedFirst = child("time_embed.0", Linear.standard(config.width(), embedding()));
    this.embedSecond = child("time_embed.2", Linear.standard(embedding(), embedding()));
    Deque<Integer> skips = new ArrayDeque<>();
    down(skips);
    int deepest = config.width() * config.multipliers().getLast();
    this.middle = child("middle_block", middle(deepest));
    up(skips, deepest);
    this.normOut = child("out.0", LvdmLayers.norm(config.width()));
    this.convOut = child("out.2", LvdmLayers.zeroConv(config.width(), config.inChannels()));
  }

  private int embedding() {
    return 4 * config.width();
  }

  /**
   * The way down.
   *
   * @param skips gets the channels of each stage
   */
  private void down(Deque<Integer> skips) {
    int channels = config.width();
    addDown(
        new UnetStage().add(LvdmLayers.conv(config.inChannels(), channels), ""), channels, skips);
    for (int level = 0; level < config.multipliers().size(); level++) {
      for (int i = 0; i < config.blocks(); i++) {
        int out = channels(level);
        addDown(stage(channels, out, level), out, skips);
        channels = out;
      }
      if (level < config.multipliers().size() - 1) {
        addDown(new UnetStage().add(LvdmLayers.down(channels), "op"), channels, skips);
      }
    }
  }

  private void addDown(UnetStage stage, int channels, Deque<Integer> skips) {
    down.add(child("input_blocks." + down.size(), stage));
    skips.push(channels);
  }

  private int channels(int level) {
    return config.width() * config.multipliers().get(level);
  }

  /** A residual block, and attention where its level has it. */
  private UnetStage stage(int in, int out, int level) {
    UnetStage stage = new UnetStage().add(new ResidualBlock(in, embedding(), out));
    return config.attention().contains(1 << level) ? stage.add(attention(out)) : stage;
  }

  private SpaceTimeAttention attention(int channels) {
    return new SpaceTimeAttention(channels, config.heads(), config.frames());
  }

  private UnetStage middle(int channels) {
    return new UnetStage()
        .add(new ResidualBlock(channels, embedding(), channels))
        .add(attention(channels))
        .add(new ResidualBlock(channels, embedding(), channels));
  }

  private void up(Deque<Integer> skips, int deepest) {
    int channels = deepest;
    for (int level = config.multipliers().size() - 1; level >= 0; level--) {
      for (int i = 0; i <= config.blocks(); i++) {
        UnetStage stage = stage(channels + skips.pop(), channels(level), level);
        channels = channels(level);
        boolean last = level > 0 && i == config.blocks();
        up.add(
            child(
                "output_blocks." + up.size(), last ? stage.add(new Upsampling(channels)) : stage));
      }
    }
  }

  public LvdmConfig config() {
    return config;
  }

  /** Shows the stages and {@code emb}, the embedding of the steps, to a watcher from now on. */
  public void watch(StageWatcher other) {
    this.watcher = other;
  }

  @Override
  public Module module() {
    return this;
  }

  @Override
  public Latents latents() {
    return config.latents();
  }

  @Override
  public Hidden hidden() {
    return new Hidden(0, config.frames(), 0, 0);
  }

  @Override
  public Practice practice() {
    return LvdmProcess.PRACTICE;
  }

  @Override
  public void setRecompute(boolean on) {
    this.recompute = on;
  }

  @Override
  public Output forward(Tensor x, float[] t, Mode mode) {
    requireShape(x.shape(), t.length);
    Tensor volume = permute(x, 0, 2, 1, 3, 4);
    return new Prediction(permute(volumes(volume, t), 0, 2, 1, 3, 4));
  }

  /** Height and width may be other than configured, if each level can halve them. */
  private void requireShape(Shape x, int samples) {
    int factor = 1 << (config.multipliers().size() - 1);
    ShapeException.require(
        x.rank() == 5
            && x.dim(0) == samples
            && x.dim(2) == config.inChannels()
            && x.dim(3) % factor == 0
            && x.dim(4) % factor == 0,
        "lvdm denoiser",
        "wants x [%d,F,%d,H,W] with H and W multiples of %d, got %s",
        samples,
        config.inChannels(),
        factor,
        x);
  }

  /** What depends on the step alone is a thousandth of the work, and is done in every step. */
  @Override
  public Sampler.Network prepared(float... steps) {
    return (x, t) -> forward(x, t, Mode.EVAL).prediction();
  }

  /** [b, C, T, H, W] -> the same shape. */
  private Tensor volumes(Tensor x, float... t) {
    Tensor frequencies = StepFrequencies.of(config.width(), t);
    Tensor embedding = embedSecond.forward(silu(embedFirst.forward(frequencies)));
    watcher.gave("emb", embedding);
    Tensor told = silu(embedding);
    Deque<Tensor> skips = new ArrayDeque<>();
    Tensor h = x;
    for (int i = 0; i < down.size(); i++) {
      h = run("input_blocks." + i, down.get(i), h, told);
      skips.push(h);
    }
    h = run("middle_block", middle, h, told);
    for (int i = 0; i < up.size(); i++) {
      h = run("output_blocks." + i, up.get(i), concat(1, h, skips.pop()), told);
    }
    return convOut.forward(silu(normOut.forward(h)));
  }

  private Tensor run(String name, UnetStage stage, Tensor h, Tensor told) {
    Tensor out =
        recompute
            ? Recompute.checkpoint(in -> stage.forward(in.get(0), in.get(1)), h, told)
            : stage.forward(h, told);
    watcher.gave(name, out);
    return out;
  }
}
