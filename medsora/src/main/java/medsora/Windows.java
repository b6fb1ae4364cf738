package medsora;

import static engine.op.layout.Layout.concat;
import static engine.op.layout.Layout.slice;

import engine.autodiff.Tape;
import engine.random.RandomKey;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import medsora.diffusion.NoisePredictor;
import medsora.diffusion.Sampler;
import medsora.diffusion.Schedule;
import medsora.vae.AutoencoderConfig;
import org.jspecify.annotations.Nullable;

/**
 * Draws latents of clips of any length: window after window of as many latent frames as the network
 * has, each of which begins with the second half of the one before it. The windows of a clip follow
 * one another; those of several clips may be drawn side by side.
 */
final class Windows {
  private static final int FRAME = 1;

  private final Sampler sampler;
  private final Sampler.Network network;
  private final NoisePredictor.Latents latents;
  private final int wanted;
  private final Sampler.@Nullable Known start;
  private final Sampler.Observer observer;

  /**
   * Windows.
   *
   * @param sizes of the autoencoder
   * @param frames of a clip, 0 for those of one window
   * @param start what clips begin with, or null
   * @param observer is told every step of every window
   */
  Windows(
      Sampler sampler,
      Sampler.Network network,
      NoisePredictor.Latents latents,
      AutoencoderConfig sizes,
      int frames,
      Sampler.@Nullable Known start,
      Sampler.Observer observer) {
    this.sampler = sampler;
    this.network = network;
    this.latents = latents;
    this.wanted = frames == 0 ? latents.videoFrames() : wholeChunks(frames, sizes);
    this.start = start;
    this.observer = observer;
    if (wanted > latents.videoFrames() && latents.videoFrames() < 2) {
      throw new IllegalArgumentException(
          "[sample] windows of a single latent frame cannot overlap: %d frames at most"
              .formatted(latents.videoFrames() * sizes.timeFactor()));
    }
  }

  /** Latent frames of whole chunks, which the decoder wants. */
  private static int wholeChunks(int frames, AutoencoderConfig sizes) {
    int chunks = Math.ceilDiv(frames, sizes.framesPerChunk());
    return chunks * (sizes.framesPerChunk() / sizes.timeFactor());
  }

  private int overlap() {
    return latents.videoFrames() / 2;
  }

  /** Windows of a clip. */
  int count() {
    int video = latents.videoFrames();
    return wanted <= video ? 1 : 1 + Math.ceilDiv(wanted - video, video - overlap());
  }

  /** A clip before its first step. */
  Drawing begin(RandomKey key) {
    return new Drawing(key);
  }

  /** The way to the latents of one clip; its steps may be done by several threads. */
  final class Drawing {
    private final RandomKey key;
    private Sampler.Trajectory trajectory;
    private @Nullable Tensor video;

    private Drawing(RandomKey key) {
      this.key = key;
      this.trajectory = begin(0, start);
    }

    private Sampler.Trajectory begin(int window, Sampler.@Nullable Known known) {
      // A window's draws are behind all of the one before it: its first noise, and one a step.
      long at = window * (Schedule.ORIGINAL_STEPS + 1L);
      return sampler.begin(
          network,
          normal(key.withStep(at), latents.of(1)),
          (i, shape) -> normal(key.withStep(at + 1 + i), shape),
          observer,
          known);
    }

    /** Does one step where there is one left in the window. */
    void step() {
      trajectory.step();
    }

    /** Does all that is left. */
    void finish() {
      trajectory.finish();
      int length = latents.videoFrames();
      Tensor drawn = cut(state(), 0, Math.min(length, wanted));
      for (int window = 1; window < count(); window++) {
        Tensor known = cut(state(), length - overlap(), length);
        trajectory = begin(window, new Sampler.Known(known));
        trajectory.finish();
        drawn = joined(drawn, cut(state(), overlap(), length));
      }
      video = cut(drawn, 0, wanted);
    }

    /** Where the last step led to, the latents of the images behind those of the video. */
    Tensor state() {
      return trajectory.state();
    }

    /** The latents of the finished clip [1, t, C, h, w], t whole chunks. */
    Tensor video() {
      if (video == null) {
        throw new IllegalStateException("[sample] the clip is not finished");
      }
      return video;
    }
  }

  private static Tensor cut(Tensor x, int from, int to) {
    try (Tape scope = Tape.noGrad()) {
      return scope.keep(slice(x, FRAME, from, to));
    }
  }

  private static Tensor joined(Tensor before, Tensor after) {
    try (Tape scope = Tape.noGrad()) {
      return scope.keep(concat(FRAME, before, after));
    }
  }

  private static Tensor normal(RandomKey key, Shape shape) {
    float[] draws = new float[shape.size()];
    key.random().normal(draws, 0, draws.length);
    return Tensor.of(shape, draws);
  }
}
