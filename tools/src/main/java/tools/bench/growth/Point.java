package tools.bench.growth;

import java.util.List;
import medsora.config.Config;
import medsora.cost.StepCost;
import medsora.denoiser.DenoiserConfig;
import nn.Outline;
import tools.inspect.StepMemory;

/**
 * One size of a training step: the paper's denoiser on one clip.
 *
 * @param frames latent frames
 * @param pixels side of a frame, a multiple of 16; the latents have an eighth of it
 * @param depth blocks (S 6)
 * @param recompute whether blocks run again in backward
 */
record Point(int frames, int pixels, int depth, boolean recompute) {
  private static final int PIXELS_PER_LATENT = 8;

  Point {
    if (pixels <= 0 || pixels % (2 * PIXELS_PER_LATENT) != 0) {
      throw new IllegalArgumentException(
          "[growth] pixels want to be a positive multiple of 16, got " + pixels);
    }
  }

  DenoiserConfig config() {
    return DenoiserConfig.of(Config.builtin("medsora-s").denoiser())
        .sized(pixels / PIXELS_PER_LATENT, depth, frames, frames);
  }

  Point recomputed(boolean on) {
    return new Point(frames, pixels, depth, on);
  }

  /** Multiply-adds of a step, the second run of blocks not among them. */
  long products() {
    return StepCost.denoiser(config());
  }

  long parameters() {
    DenoiserConfig c = config();
    return Outline.of(c::network).parameterCount();
  }

  /** What a step holds at once by counting, weights and optimiser too, in bytes. */
  long counted() {
    return StepMemory.denoiser(config(), recompute);
  }

  /** As arguments of a process. */
  List<String> words() {
    return List.of(
        Integer.toString(frames),
        Integer.toString(pixels),
        Integer.toString(depth),
        Boolean.toString(recompute));
  }

  static Point of(String... words) {
    return new Point(
        Integer.parseInt(words[0]),
        Integer.parseInt(words[1]),
        Integer.parseInt(words[2]),
        Boolean.parseBoolean(words[3]));
  }
}
