package medsora;

import static engine.op.layout.Layout.permute;
import static engine.op.layout.Layout.slice;

import engine.autodiff.Tape;
import engine.kernel.MeasuredPieces;
import engine.random.RandomKey;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.LongFunction;
import java.util.function.ObjLongConsumer;
import medsora.diffusion.NoisePredictor;
import medsora.diffusion.Sampler;
import medsora.diffusion.Schedule;
import medsora.media.Clip;
import medsora.vae.ClipCodec;
import medsora.vae.Tiling;
import org.jspecify.annotations.Nullable;

/** Draws new clips: noise, the reverse diffusion, the decoder. */
public final class Generator {
  private static final long STREAM = 3L << 40;

  private final NoisePredictor denoiser;
  private final ClipCodec autoencoder;
  private final Settings settings;
  private final Schedule schedule;
  private final float bound;

  /**
   * How clips are drawn.
   *
   * @param steps of 1000 (250 in the paper), spread as the method wants it
   * @param method DDIM, DDPM, DPM-Solver++ or UniPC
   * @param tiling how frames are decoded in tiles, or null for whole frames
   */
  public record Settings(int steps, Sampler.Method method, @Nullable Tiling tiling) {
    /** Frames are decoded whole. */
    public Settings(int steps, Sampler.Method method) {
      this(steps, method, null);
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

  /** A generator that leaves the estimates of x_0 as they come. */
  public Generator(NoisePredictor denoiser, ClipCodec autoencoder, Settings settings) {
    this(denoiser, autoencoder, settings, Sampler.UNBOUND);
  }

  /**
   * A generator.
   *
   * @param bound of the estimates of x_0 at every step, in deviations of the latents
   */
  public Generator(NoisePredictor denoiser, ClipCodec autoencoder, Settings settings, float bound) {
    this.denoiser = denoiser;
    this.autoencoder = autoencoder;
    this.settings = settings;
    this.schedule = settings.method().spaced(denoiser.practice().schedule(), settings.steps());
    this.bound = bound;
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
    Sampler sampler = new Sampler(schedule, settings.method(), bound);
    Sampler.Network network = denoiser.prepared(schedule.toldSteps());
    Steps steps = new Steps(stepped);
    LongFunction<Sampler.Trajectory> begun =
        number -> begin(sampler, network, key(seed, number), (i, x, start) -> steps.add());
    MeasuredPieces pieces = new MeasuredPieces(true);
    Sampler.Trajectory opening = begun.apply(first);
    // Its first step says what each of them holds.
    pieces.run(1, i -> opening.step());
    for (int done = 0; done < count; ) {
      List<Sampler.Trajectory> group = new ArrayList<>();
      for (int i = done; i < Math.min(done + pieces.next(), count); i++) {
        group.add(i == 0 ? opening : begun.apply(first + i));
      }
      pieces.run(group.size(), i -> group.get(i).finish());
      for (Sampler.Trajectory trajectory : group) {
        long number = first + done;
        drawn.accept(decode("sample " + number + " of seed " + seed, trajectory.state()), number);
        done++;
      }
    }
  }

  private Sampler.Trajectory begin(
      Sampler sampler, Sampler.Network network, RandomKey key, Sampler.Observer observer) {
    return sampler.begin(
        network,
        normal(key, denoiser.latents().of(1)),
        (i, s) -> normal(key.withStep(1L + i), s),
        observer);
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
   * The latents of clip number {@code index} of a seed, before they are decoded.
   *
   * @param observer is told every step
   * @return [1, F, C, h, w], those of the images behind those of the video
   */
  public Tensor latents(long seed, long index, Sampler.Observer observer) {
    Sampler.Trajectory trajectory =
        begin(
            new Sampler(schedule, settings.method(), bound),
            denoiser.prepared(schedule.toldSteps()),
            key(seed, index),
            observer);
    trajectory.finish();
    return trajectory.state();
  }

  /**
   * The latents of the video alone: what was drawn for the images is of no use, and without it the
   * decoder, whose chunks see no later latent, gives the same bits for a third less work.
   */
  private Clip decode(String source, Tensor drawn) {
    try (Tape scope = Tape.noGrad()) {
      Tensor video = slice(drawn, 1, 0, denoiser.latents().videoFrames());
      return autoencoder.decode(source, permute(video, 0, 2, 1, 3, 4), settings.tiling());
    }
  }

  private static Tensor normal(RandomKey key, Shape shape) {
    float[] draws = new float[shape.size()];
    key.random().normal(draws, 0, draws.length);
    return Tensor.of(shape, draws);
  }
}
