package medsora.metric.network;

/**
 * A size of VideoMAE's transformer.
 *
 * @param width of a token, a multiple of heads
 * @param heads of attention
 * @param depth number of blocks
 * @param hidden width of the perceptron
 * @param height of a frame, a multiple of 14
 * @param wide width of a frame, a multiple of 14
 */
public record VideoMaeConfig(int width, int heads, int depth, int hidden, int height, int wide) {
  /** Side of a patch in pixels. */
  static final int PATCH = 14;

  /** Frames of a patch. */
  static final int TUBELET = 2;

  /** Frames of a clip. */
  public static final int FRAMES = 16;

  /** ViT-g of VideoMAE-v2, as fine-tuned on Something-Something: 1,011,610,624 weights are used. */
  public static final VideoMaeConfig GIANT = new VideoMaeConfig(1408, 16, 40, 6144, 224, 224);

  public VideoMaeConfig {
    boolean positive = width > 0 && heads > 0 && depth > 0 && hidden > 0;
    boolean whole = height > 0 && wide > 0 && height % PATCH == 0 && wide % PATCH == 0;
    if (!positive || !whole || width % heads != 0) {
      throw new IllegalArgumentException(
          "[videomae] wants positive sizes, frames of whole patches of 14 and a width in multiples of the heads: width %d, heads %d, depth %d, hidden %d, frames %d x %d"
              .formatted(width, heads, depth, hidden, height, wide));
    }
  }

  /** Patches of a clip. */
  int tokens() {
    return FRAMES / TUBELET * (height / PATCH) * (wide / PATCH);
  }
}
