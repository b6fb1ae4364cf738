package medsora.train;


/**
 * What training needs of a data set: clips of some frames (16, and one more for the flow) and windows
 * of images (8), as planar float32 in [-1, 1]. Implementations must give the same values for the
 * same arguments.
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

  /** The first {@code frames}, at most T + 1, of a clip: [3, frames, size, size]. */
  float[] video(int clip, int begin, boolean flip, int frames);

  /** The frames of a clip that are encoded, [3, T, size, size]. */
  default float[] video(int clip, int begin, boolean flip) {
    return video(clip, begin, flip, frames());
  }

  /** The number of image windows. */
  int imageWindows();

  /** The images of a window, [3, M, size, size]. */
  float[] images(int window);

  int size();

  /** SHA-256 over the decoded data. */
  String sha256();
}
