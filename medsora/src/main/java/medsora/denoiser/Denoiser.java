package medsora.denoiser;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.layout.Layout.reshape;

import engine.autodiff.Recompute;
import engine.autodiff.Tape;
import engine.tensor.MemoryScope;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import medsora.diffusion.NoisePredictor;
import medsora.diffusion.Sampler;
import medsora.diffusion.SkipGuidance;
import nn.Mode;
import nn.Module;
import nn.Parameter;
import org.jspecify.annotations.Nullable;

/**
 * The video Mamba diffusion network (paper section 3.1, Figure 2): patches, blocks modulated by the
 * timestep, and the projection back to latents. State-dict names and order are those of the
 * released code.
 */
public final class Denoiser extends Module implements NoisePredictor {
  /**
   * What a forward pass gives.
   *
   * @param prediction [b, f, outChannels, S, S]: the noise, and its variance if learned
   * @param blocks the output of each block [b, f*l, D]
   * @param spatial each block's state after its spatial part [b, f*l, D]
   */
  public record Output(Tensor prediction, List<Tensor> blocks, List<Tensor> spatial)
      implements NoisePredictor.Output {
    @Override
    public List<Tensor> hidden(String name) {
      return switch (name) {
        case BLOCKS -> blocks;
        case SPATIAL -> spatial;
        default -> List.of();
      };
    }
  }

  private final DenoiserConfig config;
  private final Parameter positions;
  private final PatchEmbedding patches;
  private final TimestepEmbedding timesteps;

  /** Null where the network knows no labels. */
  private final @Nullable LabelEmbedding labels;

  private final List<MambaBlock> blocks = new ArrayList<>();
  private final FinalLayer last;
  private boolean recompute;
  private PieceWatcher watcher = PieceWatcher.NONE;

  /** A network without labels, as the paper has it. */
  public Denoiser(DenoiserConfig config) {
    this(config, 0);
  }

  /**
   * A network.
   *
   * @param labels how many labels it can be conditioned on, 0 for none
   */
  public Denoiser(DenoiserConfig config, int labels) {
    this.config = config;
    int d = config.hidden();
    this.positions = table("pos_embed", PositionTable.of(config.grid(), d));
    this.patches = child("x_embedder", new PatchEmbedding(config.inChannels(), d, config.patch()));
    this.timesteps = child("t_embedder", new TimestepEmbedding(d));
    this.labels = labels == 0 ? null : child("y_embedder", new LabelEmbedding(labels, d));
    for (int i = 0; i < config.depth(); i++) {
      blocks.add(child("blocks." + i, new MambaBlock(config, i)));
    }
    int pixels = config.patch() * config.patch() * config.outChannels();
    this.last = child("final_layer", new FinalLayer(d, pixels));
  }

  public DenoiserConfig config() {
    return config;
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
    return config.hiddenSizes();
  }

  /** Shows what the pieces give from now on. */
  public void watch(PieceWatcher watcher) {
    this.watcher = watcher;
    for (int i = 0; i < blocks.size(); i++) {
      blocks.get(i).watch(watcher.under("blocks." + i + "."));
    }
  }

  /** Whether training keeps only the blocks' inputs and runs each block again in backward. */
  @Override
  public void setRecompute(boolean on) {
    this.recompute = on;
  }

  /**
   * @param x latents [b, f, C, S, S]
   * @param t diffusion step of each sample on the original scale 0..999
   */
  @Override
  public Output forward(Tensor x, float[] t, Mode mode) {
    return forward(x, t, NO_LABEL, mode);
  }

  /** The same where every sample has a label, 0 to {@link #labels} - 1 or {@link #NO_LABEL}. */
  Output forward(Tensor x, float[] t, int label, Mode mode) {
    requireShape(x, t);
    Tensor h = embed(x);
    watcher.gave("tokens", h);
    Tensor c = condition(label, t);
    watcher.gave("step", c);
    List<Tensor> outputs = new ArrayList<>();
    List<Tensor> spatial = new ArrayList<>();
    for (int i = 0; i < blocks.size(); i++) {
      MambaBlock.Result result = run(i, h, c, mode);
      h = result.output();
      outputs.add(h);
      spatial.add(result.spatial());
    }
    Tensor pixels = last.modulated(h, last.modulation(c));
    return new Output(unpatchify(pixels), outputs, spatial);
  }

  /** What modulates the blocks: the embedded steps [b, D], and the label's row on each. */
  private Tensor condition(int label, float... t) {
    Tensor c = timesteps.forward(t);
    return labels == null ? c : add(c, labels.of(label));
  }

  /** Prepares {@link #predict} for these steps: a table for each block and for the last layer. */
  public StepRows prepare(float... steps) {
    return prepare(NO_LABEL, steps);
  }

  private StepRows prepare(int label, float... steps) {
    try (Tape scope = Tape.noGrad()) {
      Tensor c = condition(label, steps);
      List<Tensor> tables = new ArrayList<>();
      blocks.forEach(block -> tables.add(block.modulation(c)));
      tables.add(last.modulation(c));
      return new StepRows(tables, steps);
    }
  }

  @Override
  public Sampler.Network prepared(float... steps) {
    return prepared(NO_LABEL, SkipGuidance.NONE, steps);
  }

  Sampler.Network prepared(int label, SkipGuidance skip, float... steps) {
    StepRows prepared = prepare(label, steps);
    return skip.weight() == 0
        ? (x, t) -> predict(x, t, prepared)
        : (x, t) -> predict(x, t, prepared, skip);
  }

  @Override
  public int labels() {
    return labels == null ? 0 : labels.count();
  }

  @Override
  public NoisePredictor under(int label) {
    if (label < NO_LABEL || label >= labels()) {
      throw new IllegalArgumentException(
          "[denoiser] label " + label + " is asked for, and the network knows " + labels());
    }
    return label == NO_LABEL ? this : new LabelledDenoiser(this, label, SkipGuidance.NONE);
  }

  @Override
  public NoisePredictor led(SkipGuidance skip) {
    if (skip.block() >= blocks.size()) {
      throw new IllegalArgumentException(
          "[denoiser] recipe.skipBlock is %d, and the network has %d blocks"
              .formatted(skip.block(), blocks.size()));
    }
    return new LabelledDenoiser(this, NO_LABEL, skip);
  }

  /**
   * The prediction of {@link #forward} in evaluation, where t are among the prepared steps.
   *
   * @param x [b, f, C, h, w]
   * @return of the same shape, with a learned variance [b, f, 2 C, h, w]
   */
  public Tensor predict(Tensor x, float[] t, StepRows steps) {
    requireShape(x, t);
    return read(through(embed(x), 0, t, steps), t, steps);
  }

  /** The same as guidance leads it; both ways share what lies before the part that one skips. */
  private Tensor predict(Tensor x, float[] t, StepRows steps, SkipGuidance skip) {
    requireShape(x, t);
    Tensor h = embed(x);
    for (int i = 0; i < skip.block(); i++) {
      h = Tape.consume(h, block(i, t, steps));
    }
    MambaBlock.Result fork = fork(skip.block(), h, t, steps);
    Tensor whole = through(fork.output(), skip.block() + 1, t, steps);
    Tensor without = through(fork.spatial(), skip.block() + 1, t, steps);
    return skip.of(read(whole, t, steps), read(without, t, steps));
  }

  /** Both results of a block; what else it computed is given back, and so are its tokens. */
  private MambaBlock.Result fork(int block, Tensor tokens, float[] t, StepRows steps) {
    MambaBlock.Result fork;
    try (MemoryScope scope = MemoryScope.open()) {
      fork = result(block, tokens, t, steps);
      scope.keep(fork.output());
      scope.keep(fork.spatial());
    }
    Tape.discard(tokens);
    return fork;
  }

  /** Tokens through the blocks from number {@code first} on. */
  private Tensor through(Tensor tokens, int first, float[] t, StepRows steps) {
    Tensor h = tokens;
    for (int i = first; i < blocks.size(); i++) {
      h = Tape.consume(h, block(i, t, steps));
    }
    return h;
  }

  private UnaryOperator<Tensor> block(int i, float[] t, StepRows steps) {
    return tokens -> result(i, tokens, t, steps).output();
  }

  private MambaBlock.Result result(int i, Tensor tokens, float[] t, StepRows steps) {
    return blocks.get(i).modulated(tokens, steps.of(i, t), Mode.EVAL.branch(i));
  }

  private Tensor read(Tensor tokens, float[] t, StepRows steps) {
    return unpatchify(last.modulated(tokens, steps.of(blocks.size(), t)));
  }

  private void requireShape(Tensor x, float[] t) {
    Shape wanted = latents().of(t.length);
    ShapeException.require(
        x.shape().equals(wanted), "denoiser", "wants x=%s, got %s", wanted, x.shape());
  }

  private MambaBlock.Result run(int i, Tensor h, Tensor c, Mode mode) {
    if (!recompute || !mode.isTraining()) {
      return blocks.get(i).forward(h, c, mode.branch(i));
    }
    List<Tensor> out =
        Recompute.checkpointAll(
            in -> {
              MambaBlock.Result r = blocks.get(i).forward(in.get(0), in.get(1), mode.branch(i));
              return List.of(r.output(), r.spatial());
            },
            h,
            c);
    return new MambaBlock.Result(out.get(0), out.get(1));
  }

  /** [b, f, C, S, S] -> tokens [b, f*l, D] with positions added. */
  private Tensor embed(Tensor x) {
    int b = x.dim(0);
    int s = config.inputSize();
    Tensor frames = reshape(x, b * config.frames(), config.inChannels(), s, s);
    Tensor tokens = add(patches.forward(frames), positions.value());
    return reshape(tokens, b, config.frames() * config.tokens(), config.hidden());
  }

  private Tensor unpatchify(Tensor pixels) {
    return PatchEmbedding.unpatchify(pixels, config.frames(), config.grid(), config.patch());
  }
}
