package medsora.train;

import java.util.HashSet;
import java.util.Set;
import medsora.config.TrainConfig;
import medsora.diffusion.Schedule;

/**
 * What the denoiser's training has its autoencoder encode: clips, mirrored ones by themselves, and
 * windows of images, each once however often it is met. Nothing is encoded here; the samples of a
 * run are gone through by their draws.
 */
public final class Encodings {
  private final Draws draws;
  private final Clips clips;
  private final boolean flips;
  private final Set<Met> met = new HashSet<>();
  private final Set<Integer> windows = new HashSet<>();
  private long samples;

  private record Met(int clip, int begin, boolean flip) {}

  /** Before the first sample of a run. */
  public Encodings(TrainConfig config, Clips all) {
    this.draws = DenoiserObjective.draws(config);
    this.clips = FirstClips.of(all, config.recipe().denoiserClips());
    this.flips = config.data().flip();
  }

  /** Goes on by some samples. */
  public void meet(int more) {
    for (int i = 0; i < more; i++) {
      Draws.Pick pick = draws.pick(samples++, clips, flips, Schedule.ORIGINAL_STEPS);
      met.add(new Met(pick.clip(), pick.begin(), pick.flip()));
      if (clips.imagesOfWindow() > 0) {
        windows.add(pick.images());
      }
    }
  }

  /** Clips so far. */
  public int clips() {
    return met.size();
  }

  /** Windows of images so far. */
  public int windows() {
    return windows.size();
  }
}
