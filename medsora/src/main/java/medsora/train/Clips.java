package medsora.train;

import medsora.media.Clip;
import medsora.train.manifest.DataOrigin;
import org.jspecify.annotations.Nullable;

/**
 * What training needs of a data set: clips of some frames (16, and one more for the flow) and
 * windows of images (8). Implementations must give the same values for the same arguments.
 */
public interface Clips {
  /** Clips for training; the held-out ones are numbered after them. */
  int trainingClips();

  int heldOutClips();

  /** Frames T of a clip that are encoded; a clip has one more, which is for the flow alone. */
  int frames();

  /** Images M of a window. */
  int imagesOfWindow();

  /** How many different first frames a clip offers; at least 1. */
  int begins(int clip);

  /** The first {@code frames}, at most T + 1, of a clip. */
  Clip video(int clip, int begin, boolean flip, int frames);

  /** What a clip shows, by the data's own names; null where that is not said. */
  default @Nullable String label(int clip) {
    return null;
  }

  /** The T frames of a clip that are encoded. */
  default Clip video(int clip, int begin, boolean flip) {
    return video(clip, begin, flip, frames());
  }

  /** The number of image windows. */
  int imageWindows();

  /** The M images of a window, one after the other. */
  Clip images(int window);

  int size();

  /** SHA-256 over the decoded data. */
  String sha256();

  /** Where they came from, for the manifest of a run. */
  default DataOrigin origin() {
    return DataOrigin.GIVEN;
  }
}
