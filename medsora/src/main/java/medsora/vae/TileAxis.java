package medsora.vae;

/**
 * The tiles along height or width and what each contributes there. Tiles stand {@code tile -
 * overlap} apart; the last is moved back so that it ends at the edge, and all have one size. Where
 * tile i overlaps what the tiles before it cover, over e pixels, it is faded in: at the y-th of
 * these pixels (from 0) the sum is (1 - y/e) of theirs plus y/e of its own. The weights of all
 * tiles add up to 1 everywhere.
 */
final class TileAxis {
  private final int[] starts;
  private final int size;

  /**
   * @param length extent in latent pixels
   */
  TileAxis(int length, Tiling tiling) {
    this.size = Math.min(tiling.tile(), length);
    int step = tiling.tile() - tiling.overlap();
    this.starts = new int[1 + Math.max(0, Math.ceilDiv(length - size, step))];
    for (int i = 0; i < starts.length; i++) {
      starts[i] = Math.min(i * step, length - size);
    }
  }

  int count() {
    return starts.length;
  }

  int start(int i) {
    return starts[i];
  }

  int size() {
    return size;
  }

  /**
   * What tile i contributes to each of its own pixels.
   *
   * @param scale output pixels per latent pixel
   */
  float[] weights(int i, int scale) {
    float[] weights = new float[size * scale];
    for (int y = 0; y < weights.length; y++) {
      int at = (starts[i] * scale) + y;
      float weight = fade(i, at, scale);
      for (int later = i + 1; later < starts.length; later++) {
        weight *= 1f - fade(later, at, scale);
      }
      weights[y] = weight;
    }
    return weights;
  }

  /** How far tile i is faded in at an output pixel: 0 before it, 1 where it stands alone. */
  private float fade(int i, int at, int scale) {
    int begin = starts[i] * scale;
    int covered = i == 0 ? 0 : (starts[i - 1] + size) * scale;
    if (at < begin) {
      return 0f;
    }
    return at >= covered ? 1f : (float) ((double) (at - begin) / (covered - begin));
  }
}
