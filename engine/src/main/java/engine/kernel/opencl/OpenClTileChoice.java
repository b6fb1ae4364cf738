package engine.kernel.opencl;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The tile that was found best for a device, kept under device, driver and the products' text. */
final class OpenClTileChoice {
  private OpenClTileChoice() {}

  private static String key(OpenClDevice d) {
    return OpenClCache.key(
        "tile",
        d.platform(),
        d.name(),
        d.version(),
        d.driver(),
        OpenClSource.of("products", OpenClTile.PROCESSOR));
  }

  /** The tile that was found earlier, if there is one. */
  static Optional<OpenClTile> known(OpenClDevice device) {
    return known(device, OpenClCache.ofUser());
  }

  static Optional<OpenClTile> known(OpenClDevice device, OpenClCache cache) {
    return cache
        .find(key(device))
        .flatMap(text -> OpenClTile.parse(new String(text, StandardCharsets.UTF_8)))
        .filter(tile -> tile.fits(device));
  }

  static void keep(OpenClDevice device, OpenClTile tile, OpenClCache cache) {
    cache.store(key(device), tile.toString().getBytes(StandardCharsets.UTF_8));
  }
}
