package medsora;

import static engine.op.layout.Layout.permute;
import static engine.op.layout.Layout.slice;

import engine.autodiff.Tape;
import engine.random.RandomKey;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.function.IntConsumer;
import medsora.diffusion.NoisePredictor;
import medsora.diffusion.Sampler;
import medsora.diffusion.Schedule;
import medsora.media.Clip;
import medsora.vae.Tiling;
import org.jspecify.annotations.Nullable;

/** Draws new clips: noise, the reverse diffusion, the decoder. */
public final class Generator {
  private static final long STREAM = 3L << 40;

  private final NoisePredictor denoiser;
  private final Autoencoder autoencoder;
  private final Settings settings;
  private final Schedule schedule;

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

  public Generator(NoisePredictor denoiser, Autoencoder autoencoder, Settings settings) {
    this.denoiser = denoiser;
    this.autoencoder = autoencoder;
    this.settings = settings;
    this.schedule = settings.method().spaced(Schedule.full(), settings.steps());
  }

  /**
   * Clip number {@code index} of a seed: frames (16 of MedSora) that depend on the weights, the
   * settings and these two numbers alone.
   *
   * @param stepped is told the number of steps done
   */
  public Clip sample(long seed, long index, IntConsumer stepped) {
    RandomKey key = new RandomKey(seed, STREAM + index, 0);
    Shape shape = denoiser.latents().of(1);
    int steps = schedule.steps();
    Tensor drawn =
        new Sampler(schedule, settings.method(), false)
            .sample(
                denoiser.prepared(schedule.toldSteps()),
                normal(key, shape),
                (i, s) -> normal(key.withStep(1L + i), s),
                (i, x, start) -> stepped.accept(steps - i));
    return decode("sample " + index + " of seed " + seed, drawn);
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
