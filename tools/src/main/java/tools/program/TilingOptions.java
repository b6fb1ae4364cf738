package tools.program;

import medsora.vae.Tiling;
import picocli.CommandLine.Option;

/** Whether the autoencoder works in tiles, in pixels of the frames. */
public final class TilingOptions {
  private static final int SMALLEST = 16;

  @Option(
      names = "--tile",
      paramLabel = "PIXELS",
      description =
          "encode and decode in tiles of this side, a multiple of 8 from 16; memory then depends on"
              + " the tile and not on the frame (default: whole frames)")
  Integer tile;

  @Option(
      names = "--overlap",
      paramLabel = "PIXELS",
      description =
          "how far tiles overlap at least, a multiple of 8 less than the tile (default: a quarter"
              + " of the tile)")
  Integer overlap;

  /**
   * Checks the options before anything is loaded.
   *
   * @param factor pixels per latent pixel
   * @return null for whole frames
   */
  public Tiling read(int factor) {
    if (tile == null) {
      if (overlap != null) {
        throw new IllegalArgumentException("--overlap wants --tile beside it");
      }
      return null;
    }
    if (tile < SMALLEST || tile % factor != 0) {
      throw new IllegalArgumentException(
          "--tile wants a multiple of %d from %d, got %d".formatted(factor, SMALLEST, tile));
    }
    int shared = overlap == null ? tile / 4 / factor * factor : overlap;
    if (shared < 0 || shared >= tile || shared % factor != 0) {
      throw new IllegalArgumentException(
          "--overlap wants a multiple of %d from 0, less than --tile %d, got %d"
              .formatted(factor, tile, shared));
    }
    return Tiling.ofPixels(tile, shared, factor);
  }
}
