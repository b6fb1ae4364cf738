package medsora.config;

import medsora.diffusion.Schedule;

/**
 * How the training of the denoiser is watched: clips drawn from its averaged weights are judged by
 * FD-phantom-frames and FD-phantom-motion. Nothing of it reaches the weights, so it is no part of
 * what must be equal to continue a run; and where it is off it stands in no tree, so that
 * configurations from before it keep their hashes.
 *
 * @param evaluateEvery steps between two looks, 0 for never
 * @param clips drawn for each look, always of the same noise
 * @param sampleSteps diffusion steps of a clip
 */
public record Watching(long evaluateEvery, int clips, int sampleSteps) {
  /** Off, as the profiles have it. */
  public static final Watching NEVER = new Watching(0, 4, 25);

  public Watching {
    if (evaluateEvery < 0 || clips < 2 || sampleSteps < 1) {
      throw new IllegalArgumentException(
          "[config] wants evaluateEvery of at least 0, clips of at least 2 and sampleSteps of at"
              + " least 1, got %d, %d and %d".formatted(evaluateEvery, clips, sampleSteps));
    }
    if (sampleSteps > Schedule.ORIGINAL_STEPS) {
      throw new IllegalArgumentException(
          "[config] wants sampleSteps of at most %d, got %d"
              .formatted(Schedule.ORIGINAL_STEPS, sampleSteps));
    }
  }
}
