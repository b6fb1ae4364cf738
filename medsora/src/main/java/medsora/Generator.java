package medsora;

import static engine.op.layout.Layout.permute;
import static engine.op.layout.Layout.slice;

import engine.autodiff.Tape;
import engine.kernel.MeasuredPieces;
import engine.random.RandomKey;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.ObjLongConsumer;
import medsora.diffusion.Drawing;
import medsora.diffusion.LabelGuidance;
import medsora.diffusion.NoisePredictor;
import medsora.diffusion.Sampler;
import medsora.diffusion.Schedule;
import medsora.media.Clip;
import medsora.vae.AutoencoderConfig;
import medsora.vae.Tiling;
import org.jspecify.annotations.Nullable;

/** Draws new clips: noise, the reverse diffusion, the decoder. */
public final class Generator {
  private static final long STREAM = 3L << 40;

  private final NoisePredictor denoiser;
  private final Autoencoder autoencoder;
  private final Settings settings;
  private final Schedule schedule;
  private final Sampler.Estimate estimate;

  /**
   * How clips are drawn.
   *
   * @param steps of 1000 (250 in the paper), spread as the method wants it
   * @param method DDIM, DDPM, DPM-Solver++ or UniPC
   * @param tiling how frames are decoded in tiles, or null for whole frames
   * @param guidance under which label, and how strongly
   * @param span how long clips are, and how they begin
   */
  public record Settings(
      int steps,
      Sampler.Method method,
      @Nullable Tiling tiling,
      LabelGuidance guidance,
      Span span) {
    /** Frames are decoded whole, without a label, and are as many as the model was trained on. */
    public Settings(int steps, Sampler.Method method) {
      this(steps, method, null, LabelGuidance.NONE, Span.WHOLE);
    }

    /** DDIM without noise, as the released sampling program does it. */
    public static Settings ddim(int steps) {
      return new Settings(steps, new Sampler.Method.Ddim(0));
    }

    public Settings {
      if (steps < 1 || steps > Schedule.ORIGINAL_STEPS) {
        throw new IllegalArgumentException(
            "[sample] steps want 1 to " + Schedule.ORIGINAL_STEPS + ", got " + steps);
      }
    }
  }

  /**
   * How long clips are, and how they begin.
   *
   * @param frames of a clip, 0 for as many as the model was trained on. What is longer is drawn
   *     window by window, each of which begins with the second half of the one before it
   * @param start frames that clips begin with, of the model's size, or null: of them as many whole
   *     latent frames as leave one to draw, or one where they are less than that
   */
  public record Span(int frames, @Nullable Clip start) {
    /** As the model was trained. */
    public static final Span WHOLE = new Span(0, null);

    /** A clip of ten minutes at 25 frames per second is more than anybody waits for. */
    private static final int LONGEST = 15_000;

    public Span {
      if (frames < 0 || frames > LONGEST) {
        throw new IllegalArgumentException(
            "[sample] a clip has 1 to " + LONGEST + " frames, got " + frames);
      }
    }
  }

  /** A generator that leaves the network and its estimates of x_0 as they come. */
  public Generator(NoisePredictor denoiser, Autoencoder autoencoder, Settings settings) {
    this(denoiser, autoencoder, settings, Drawing.PLAIN);
  }

  /**
   * A generator.
   *
   * @param drawing what becomes of predictions and of the estimates of x_0 at every step; its bound
   *     in deviations of the latents
   */
  public Generator(
      NoisePredictor denoiser, Autoencoder autoencoder, Settings settings, Drawing drawing) {
    this.denoiser = drawing.network(denoiser);
    this.autoencoder = autoencoder;
    this.settings = settings;
    this.schedule = settings.method().spaced(denoiser.practice().schedule(), settings.steps());
    this.estimate = drawing.estimate(autoencoder.statistics().scales());
  }

  /**
   * Clip number {@code index} of a seed: frames (16 of MedSora) that depend on the weights, the
   * settings and these two numbers alone.
   *
   * @param stepped is told the number of steps done
   */
  public Clip sample(long seed, long index, IntConsumer stepped) {
    Clip[] drawn = new Clip[1];
    samples(seed, index, 1, stepped, (clip, number) -> drawn[0] = clip);
    return drawn[0];
  }

  /**
   * The clips number {@code first} to {@code first + count - 1} of a seed, each with the bits of
   * {@link #sample}. As many as there are threads, and as memory allows, go through the diffusion
   * side by side, which takes less time than one after the other.
   *
   * @param stepped is told the number of steps done, of all clips together
   * @param drawn is given each clip and its number, in their order, on the thread of the caller
   */
  public void samples(
      long seed, long first, int count, IntConsumer stepped, ObjLongConsumer<Clip> drawn) {
    Steps steps = new Steps(stepped);
    Windows windows = windows((i, x, start) -> steps.add());
    MeasuredPieces pieces = new MeasuredPieces(true);
    Windows.Drawing opening = windows.begin(key(seed, first));
    // Its first step says what each of them holds.
    pieces.run(1, i -> opening.step());
    for (int done = 0; done < count; ) {
      List<Windows.Drawing> group = new ArrayList<>();
      for (int i = done; i < Math.min(done + pieces.next(), count); i++) {
        group.add(i == 0 ? opening : windows.begin(key(seed, first + i)));
      }
      pieces.run(group.size(), i -> group.get(i).finish());
      for (Windows.Drawing drawing : group) {
        long number = first + done;
        drawn.accept(decode("sample " + number + " of seed " + seed, drawing.video()), number);
        done++;
      }
    }
  }

  /** Steps of the network that a clip takes. */
  public int stepsOfClip() {
    return settings.steps() * windows((i, x, start) -> {}).count();
  }

  private Windows windows(Sampler.Observer observer) {
    return new Windows(
        new Sampler(schedule, settings.method(), estimate),
        settings.guidance().of(denoiser, schedule.toldSteps()),
        denoiser.drawn(),
        autoencoder.vae().config(),
        settings.span().frames(),
        known(),
        observer);
  }

  /** What the clips begin with, in latents, or null. */
  private Sampler.@Nullable Known known() {
    Clip start = settings.span().start();
    if (start == null) {
      return null;
    }
    int most = Math.max(1, denoiser.latents().videoFrames() - 1);
    AutoencoderConfig sizes = autoencoder.vae().config();
    int whole = Math.clamp(start.length() / sizes.timeFactor(), 1, most);
    int used = Math.min(start.length(), whole * sizes.timeFactor());
    int chunks = Math.ceilDiv(whole * sizes.timeFactor(), sizes.framesPerChunk());
    int[] frames = new int[chunks * sizes.framesPerChunk()];
    for (int i = 0; i < frames.length; i++) {
      frames[i] = Math.min(i, used - 1);
    }
    try (Tape scope = Tape.noGrad()) {
      Tensor latents = autoencoder.encode(start.pick(frames));
      return new Sampler.Known(scope.keep(slice(latents, 1, 0, whole)));
    }
  }

  private static RandomKey key(long seed, long number) {
    return new RandomKey(seed, STREAM + number, 0);
  }

  /** Counts the steps of all clips, one thread after the other. */
  private static final class Steps {
    private final IntConsumer told;
    private int done;

    Steps(IntConsumer told) {
      this.told = told;
    }

    synchronized void add() {
      done++;
      told.accept(done);
    }
  }

  /**
   * The latents of clip number {@code index} of a seed, before they are decoded, of its last window
   * where it has several.
   *
   * @param observer is told every step
   * @return [1, F, C, h, w], those of images, if the network draws them, behind those of the video
   */
  public Tensor latents(long seed, long index, Sampler.Observer observer) {
    Windows.Drawing drawing = windows(observer).begin(key(seed, index));
    drawing.finish();
    return drawing.state();
  }

  /**
   * The clip of latents [1, t, C, h, w], of which its last frames may be none of it.
   *
   * <p>The latents are the video's alone: what was drawn for the images is of no use, and without
   * it the decoder, whose chunks see no later latent, gives the same bits for a third less work.
   */
  private Clip decode(String source, Tensor video) {
    try (Tape scope = Tape.noGrad()) {
      Tensor channelsFirst = permute(video, 0, 2, 1, 3, 4);
      Clip whole = autoencoder.decode(source, channelsFirst, settings.tiling());
      int wanted = settings.span().frames();
      return wanted == 0 ? whole : whole.first(wanted);
    }
  }
}
