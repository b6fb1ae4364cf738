package medsora.baseline.timesformer;

/**
 * The sizes of a network.
 *
 * @param image side of the frames in pixels, whole patches
 * @param patch side of a patch
 * @param frames of a clip
 * @param width of the tokens
 * @param depth blocks
 * @param heads of every attention
 * @param dropPath chance that the last block's branches are left out in training; earlier ones' are
 *     less, the first's 0
 */
public record TimeSformerConfig(
    int image, int patch, int frames, int width, int depth, int heads, double dropPath) {
  /** ViT-B/16 on 8 frames of 224x224, as the task is published. */
  public static final TimeSformerConfig PUBLISHED =
      new TimeSformerConfig(224, 16, 8, 768, 12, 12, 0.1);

  public TimeSformerConfig {
    if (image < 1
        || patch < 1
        || image % patch != 0
        || frames < 1
        || depth < 1
        || heads < 1
        || width < 1
        || width % heads != 0) {
      throw new IllegalArgumentException(
          "[timesformer] wants whole patches and heads: image %d, patch %d, %d frames, width %d, depth %d, %d heads"
              .formatted(image, patch, frames, width, depth, heads));
    }
    if (!(dropPath >= 0 && dropPath < 1)) {
      throw new IllegalArgumentException(
          "[timesformer] drop path wants 0 to less than 1, got " + dropPath);
    }
  }

  /** Patches of a frame. */
  public int patches() {
    return image / patch * (image / patch);
  }

  /** The chance of a block. */
  float dropPath(int block) {
    return (float) (depth == 1 ? 0 : dropPath * block / (depth - 1));
  }
}
