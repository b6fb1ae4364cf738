package medsora.dino;

/**
 * A size of the vision transformer.
 *
 * @param patch side of a patch in pixels; patches do not overlap
 * @param width of a token; a multiple of heads
 * @param depth number of blocks
 * @param heads of attention
 * @param grid patches along each side of the pictures that the position table was made for
 */
public record VitConfig(int patch, int width, int depth, int heads, int grid) {
  /** Side of the pictures that the published weights were trained on. */
  private static final int PUBLISHED_SIDE = 224;

  public static final VitConfig S16 = published(16, 384, 6);
  public static final VitConfig S8 = published(8, 384, 6);
  public static final VitConfig B16 = published(16, 768, 12);
  public static final VitConfig B8 = published(8, 768, 12);

  public VitConfig {
    if (patch < 1 || width < 1 || depth < 1 || heads < 1 || grid < 1 || width % heads != 0) {
      throw new IllegalArgumentException(
          "[dino] wants positive extents and a width in multiples of the heads: patch %d, width %d, depth %d, heads %d, grid %d"
              .formatted(patch, width, depth, heads, grid));
    }
  }

  private static VitConfig published(int patch, int width, int heads) {
    return new VitConfig(patch, width, 12, heads, PUBLISHED_SIDE / patch);
  }
}
