package medsora.vae;

/**
 * How frames are cut into overlapping squares that are encoded or decoded one by one.
 *
 * @param tile side of a tile in latent pixels, at least 2
 * @param overlap latent pixels that neighbours share at least, 0 to tile - 1
 */
public record Tiling(int tile, int overlap) {
  public Tiling {
    if (tile < 2) {
      throw new IllegalArgumentException(
          "[tiling] a tile wants a side of at least 2 latent pixels, got " + tile);
    }
    if (overlap < 0 || overlap >= tile) {
      throw new IllegalArgumentException(
          "[tiling] the overlap wants 0 to %d latent pixels, less than the tile's %d, got %d"
              .formatted(tile - 1, tile, overlap));
    }
  }

  /**
   * A tiling given in pixels of frames.
   *
   * @param factor pixels per latent pixel (8)
   */
  public static Tiling ofPixels(int tile, int overlap, int factor) {
    if (tile % factor != 0 || overlap % factor != 0) {
      throw new IllegalArgumentException(
          "[tiling] tile and overlap want multiples of %d pixels, got %d and %d"
              .formatted(factor, tile, overlap));
    }
    return new Tiling(tile / factor, overlap / factor);
  }
}
