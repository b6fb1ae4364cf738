package medsora.metric.network;

/**
 * A size of CLIP's vision transformer.
 *
 * @param patch side of a patch in pixels
 * @param grid patches along each side of a picture
 * @param width of a token, a multiple of 64
 * @param depth number of blocks
 * @param output length of an embedding
 */
public record ClipConfig(int patch, int grid, int width, int depth, int output) {
  /** Width of one head in every published size. */
  private static final int HEAD = 64;

  /** ViT-B/32. */
  public static final ClipConfig B32 = new ClipConfig(32, 7, 768, 12, 512);

  /** ViT-L/14. */
  public static final ClipConfig L14 = new ClipConfig(14, 16, 1024, 24, 768);

  public ClipConfig {
    if (patch < 1 || grid < 1 || width < HEAD || width % HEAD != 0 || depth < 1 || output < 1) {
      throw new IllegalArgumentException(
          "[clip] wants positive sizes and a width in multiples of 64: patch %d, grid %d, width %d, depth %d, output %d"
              .formatted(patch, grid, width, depth, output));
    }
  }

  int heads() {
    return width / HEAD;
  }

  /** Side of a picture. */
  public int side() {
    return patch * grid;
  }
}
