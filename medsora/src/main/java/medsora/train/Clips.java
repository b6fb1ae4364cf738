package medsora.train;

import medsora.config.TrainConfig;

/**
 * What training needs of a data set: clips of 17 frames and windows of 8 images, as planar float32
 * in [-1, 1]. Implementations must give the same values for the same arguments.
 */
public interface Clips {
  /** Clips for training; the held-out ones are numbered after them. */
  int trainingClips();

  int heldOutClips();

  /** How many different first frames a clip offers; at least 1. */
  int begins(int clip);

  /** The first of the 17 frames of a clip, [3, frames, size, size]; the last is for flow alone. */
  float[] video(int clip, int begin, boolean flip, int frames);

  /** 16 frames of a clip, [3, 16, size, size]. */
  default float[] video(int clip, int begin, boolean flip) {
    return video(clip, begin, flip, TrainConfig.VIDEO_FRAMES);
  }

  /** The number of image windows. */
  int imageWindows();

  /** 8 images, [3, 8, size, size]. */
  float[] images(int window);

  int size();

  /** SHA-256 over the decoded data. */
  String sha256();
}
