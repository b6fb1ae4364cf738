package tools.report;

import java.util.Locale;
import medsora.media.Clip;

/** How far frames that were made in tiles are from those that were made whole. */
public final class TilingError {
  /** From -1 to 1. */
  private static final double RANGE = 2;

  private double largest;
  private double sum;
  private double squares;
  private long count;

  /** Adds both. */
  public void add(Clip wholeClip, Clip tiledClip) {
    float[] whole = wholeClip.values();
    float[] tiled = tiledClip.values();
    for (int i = 0; i < whole.length; i++) {
      double d = Math.abs((double) whole[i] - tiled[i]);
      // NaN counts as the largest error there is.
      largest = d <= largest ? largest : d;
      sum += d;
      squares += d * d;
    }
    count += whole.length;
  }

  /** One line. */
  @Override
  public String toString() {
    if (largest == 0) {
      return "tiled against whole: equal";
    }
    double psnr = 10 * StrictMath.log10(RANGE * RANGE * count / squares);
    return String.format(
        Locale.ROOT,
        "tiled against whole, on the scale from -1 to 1: largest error %.4g, mean %.4g, PSNR %.2f"
            + " dB",
        largest,
        sum / count,
        psnr);
  }
}
