package medsora.train;

import medsora.media.Clip;
import org.jspecify.annotations.Nullable;

/**
 * The first training clips of a data set in place of all; what is held out, and the windows of
 * images, stay.
 *
 * @param all the data set
 * @param trainingClips how many, at most as many as it has
 */
record FirstClips(Clips all, int trainingClips) implements Clips {
  FirstClips {
    if (trainingClips < 1 || trainingClips > all.trainingClips()) {
      throw new IllegalArgumentException(
          "[clips] recipe.denoiserClips wants 1 to the %d clips that there are, got %d"
              .formatted(all.trainingClips(), trainingClips));
    }
  }

  /** A data set, or its first clips where a number of them is given. */
  static Clips of(Clips all, int count) {
    return count == 0 ? all : new FirstClips(all, count);
  }

  /** The number that a clip has among all. */
  private int number(int clip) {
    return clip < trainingClips ? clip : clip - trainingClips + all.trainingClips();
  }

  @Override
  public int heldOutClips() {
    return all.heldOutClips();
  }

  @Override
  public int frames() {
    return all.frames();
  }

  @Override
  public int imagesOfWindow() {
    return all.imagesOfWindow();
  }

  @Override
  public int begins(int clip) {
    return all.begins(number(clip));
  }

  @Override
  public Clip video(int clip, int begin, boolean flip, int frames) {
    return all.video(number(clip), begin, flip, frames);
  }

  @Override
  public @Nullable String label(int clip) {
    return all.label(number(clip));
  }

  @Override
  public int imageWindows() {
    return all.imageWindows();
  }

  @Override
  public Clip images(int window) {
    return all.images(window);
  }

  @Override
  public int size() {
    return all.size();
  }

  @Override
  public String sha256() {
    return all.sha256();
  }
}
