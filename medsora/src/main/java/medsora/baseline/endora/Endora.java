package medsora.baseline.endora;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.layout.Layout.concat;
import static engine.op.layout.Layout.reshape;
import static engine.op.layout.Layout.slice;

import engine.autodiff.Recompute;
import engine.autodiff.Tape;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import medsora.denoiser.FinalLayer;
import medsora.denoiser.PatchEmbedding;
import medsora.denoiser.PositionTable;
import medsora.denoiser.StepRows;
import medsora.denoiser.TimestepEmbedding;
import medsora.diffusion.NoisePredictor;
import medsora.diffusion.Sampler;
import nn.Mode;
import nn.Module;
import nn.Parameter;
import nn.init.Init;
import nn.layer.Conv2d;
import nn.layer.Kernel2;
import nn.layer.Linear;
import org.jspecify.annotations.Nullable;

/**
 * Endora's network (Latte's with the parameters of a prior): patches, pairs of a block over each
 * frame and a block over the frames of each place, and the projection back to latents. Images pass
 * the spatial blocks alone, so that they never meet the video. Nothing in it drops out: it computes
 * the same in training and in evaluation.
 */
public final class Endora extends Module implements NoisePredictor {
  /** Extents of the released parameters of the prior, the same at every size. */
  private static final int FEATURE = 384;

  private static final int FEATURES = 4 * FEATURE;
  private static final int TARGET = 1152;

  /**
   * What a forward pass gives.
   *
   * @param prediction [b, F, 2C, S, S]: the noise, then its variance
   * @param spatial what the spatial block of each pair gives, [b, F*l, D]
   * @param pairs what each pair gives, likewise; its images are those of the spatial block
   */
  public record Output(Tensor prediction, List<Tensor> spatial, List<Tensor> pairs)
      implements NoisePredictor.Output {
    @Override
    public List<Tensor> hidden(String name) {
      return switch (name) {
        case BLOCKS -> pairs;
        case SPATIAL -> spatial;
        default -> List.of();
      };
    }
  }

  private final EndoraConfig config;
  private final Parameter positions;
  private final Parameter moments;
  private final PatchEmbedding patches;
  private final TimestepEmbedding timesteps;

  /** Null without images. */
  private final @Nullable Conv2d target;

  private final List<EndoraBlock> blocks = new ArrayList<>();
  private final FinalLayer last;
  private boolean recompute;

  public Endora(EndoraConfig config) {
    this.config = config;
    int d = config.hidden();
    this.positions = table("pos_embed", PositionTable.of(config.grid(), d));
    this.moments = table("temp_embed", PositionTable.line(config.videoFrames(), d));
    this.patches = child("x_embedder", new PatchEmbedding(config.inChannels(), d, config.patch()));
    this.timesteps = child("t_embedder", new TimestepEmbedding(d));
    // No loss reaches these two: frozen they stay what training would leave of them.
    child("linear", new Linear(FEATURE, TARGET, true, Init.xavierUniform())).setTrainable(false);
    child("linear_2", new Linear(FEATURES, TARGET, true, Init.xavierUniform())).setTrainable(false);
    this.target =
        config.hasImages()
            ? child(
                "cov",
                Conv2d.withoutBias(
                    FEATURE, TARGET, Kernel2.of(2).stride(2), 1, Init.fanInUniform()))
            : null;
    for (int i = 0; i < config.depth(); i++) {
      blocks.add(child("blocks." + i, new EndoraBlock(d, config.heads())));
    }
    int pixels = config.patch() * config.patch() * config.outChannels();
    this.last = child("final_layer", new FinalLayer(d, pixels));
  }

  public EndoraConfig config() {
    return config;
  }

  /** The convolution of the prior, 384 -> 1152 channels; null without images. */
  public @Nullable Conv2d target() {
    return target;
  }

  @Override
  public Module module() {
    return this;
  }

  @Override
  public Latents latents() {
    return config.latents();
  }

  /** The video alone, which no image ever meets. */
  @Override
  public Latents drawn() {
    Latents all = latents();
    int video = all.videoFrames();
    return new Latents(video, video, all.channels(), all.height(), all.width());
  }

  /** Of the pairs. */
  @Override
  public Hidden hidden() {
    return new Hidden(config.pairs(), config.videoFrames(), config.tokens(), config.hidden());
  }

  /** Whether training keeps only the blocks' inputs and runs each block again in backward. */
  @Override
  public void setRecompute(boolean on) {
    this.recompute = on;
  }

  /**
   * @param x latents [b, F, C, S, S], or those of the video alone
   * @param t diffusion step of each sample on the original scale 0..999
   */
  @Override
  public Output forward(Tensor x, float[] t, Mode mode) {
    requireShape(x, t);
    Tensor c = timesteps.forward(t);
    List<Tensor> spatial = new ArrayList<>();
    List<Tensor> pairs = new ArrayList<>();
    Tensor h = embed(x);
    for (int i = 0; i < config.pairs(); i++) {
      int pair = i;
      h = run(2 * pair, h, c, spatially(x), mode);
      spatial.add(h);
      h = inTime(pair, h, x.dim(1), video -> run((2 * pair) + 1, video, c, temporally(), mode));
      pairs.add(h);
    }
    return new Output(unpatchify(last.modulated(h, last.modulation(c)), x), spatial, pairs);
  }

  private Tensor run(int i, Tensor h, Tensor c, Sequences sequences, Mode mode) {
    EndoraBlock block = blocks.get(i);
    return recompute && mode.isTraining()
        ? Recompute.checkpoint(
            in -> block.modulated(in.get(0), block.modulation(in.get(1)), sequences), h, c)
        : block.modulated(h, block.modulation(c), sequences);
  }

  private static Sequences spatially(Tensor x) {
    return new Sequences(false, x.dim(1));
  }

  private Sequences temporally() {
    return new Sequences(true, config.videoFrames());
  }

  /** A temporal block. */
  @FunctionalInterface
  private interface Temporal {
    Tensor of(Tensor video);
  }

  /** The video of [b, F*l, D] sent through a temporal block, the images as they are. */
  private Tensor inTime(int pair, Tensor h, int frames, Temporal block) {
    int tokens = config.videoFrames() * config.tokens();
    boolean images = frames > config.videoFrames();
    Tensor video = images ? slice(h, 1, 0, tokens) : h;
    Tensor seen = block.of(pair == 0 ? timed(video) : video);
    return images ? concat(1, seen, slice(h, 1, tokens, h.dim(1))) : seen;
  }

  /** Adds its place in time to each frame, once: before the first temporal block. */
  private Tensor timed(Tensor video) {
    int frames = config.videoFrames();
    int width = config.hidden();
    Tensor each = reshape(video, video.dim(0), frames, config.tokens(), width);
    Tensor moment = reshape(moments.value(), 1, frames, 1, width);
    return reshape(add(each, moment), video.dim(0), frames * config.tokens(), width);
  }

  @Override
  public Sampler.Network prepared(float... steps) {
    try (Tape scope = Tape.noGrad()) {
      Tensor c = timesteps.forward(steps);
      List<Tensor> tables = new ArrayList<>();
      blocks.forEach(block -> tables.add(block.modulation(c)));
      tables.add(last.modulation(c));
      StepRows rows = new StepRows(tables, steps);
      return (x, t) -> predict(x, t, rows);
    }
  }

  private Tensor predict(Tensor x, float[] t, StepRows rows) {
    requireShape(x, t);
    Tensor h = embed(x);
    for (int i = 0; i < config.pairs(); i++) {
      int pair = i;
      Tensor spatial = rows.of(2 * pair, t);
      Tensor temporal = rows.of((2 * pair) + 1, t);
      EndoraBlock first = blocks.get(2 * pair);
      EndoraBlock second = blocks.get((2 * pair) + 1);
      h = Tape.consume(h, tokens -> first.modulated(tokens, spatial, spatially(x)));
      h =
          Tape.consume(
              h,
              tokens ->
                  inTime(
                      pair,
                      tokens,
                      x.dim(1),
                      video -> second.modulated(video, temporal, temporally())));
    }
    return unpatchify(last.modulated(h, rows.of(config.depth(), t)), x);
  }

  private void requireShape(Tensor x, float[] t) {
    Shape all = latents().of(t.length);
    Shape video = drawn().of(t.length);
    ShapeException.require(
        x.shape().equals(all) || x.shape().equals(video),
        "endora",
        "wants x=%s or, without images, %s: got %s",
        all,
        video,
        x.shape());
  }

  /** [b, F, C, S, S] -> tokens [b, F*l, D] with their places in the frame added. */
  private Tensor embed(Tensor x) {
    int frames = x.dim(0) * x.dim(1);
    int s = config.inputSize();
    Tensor each = reshape(x, frames, config.inChannels(), s, s);
    Tensor tokens = add(patches.forward(each), positions.value());
    return reshape(tokens, x.dim(0), x.dim(1) * config.tokens(), config.hidden());
  }

  private Tensor unpatchify(Tensor pixels, Tensor x) {
    return PatchEmbedding.unpatchify(pixels, x.dim(1), config.grid(), config.patch());
  }
}
