package medsora.metric.distance;

import medsora.media.Clip;

/**
 * The colours that occur, as two histograms of pixels, R - G and G - B in bytes, -255..255. Medical
 * clips live in a narrow gamut; a decoder that leaves it shows saturated blocks.
 */
public final class ColourGamut {
  private static final int MOST = 255;

  /** Share of the data beyond either bound. */
  private static final double TAIL = 0.001;

  /** 0.05 on the scale -1..1 in bytes. */
  private static final double MARGIN = 0.05 * MOST / 2;

  /** Pixels by R - G + 255 and G - B + 255. */
  private final long[][] counts = new long[2 * MOST + 1][2 * MOST + 1];

  private long pixels;

  /** Adds the pixels of a clip's frames, taken as bytes. */
  public void add(Clip clip) {
    for (byte[] frame : clip.frames()) {
      for (int i = 0; i < frame.length; i += 3) {
        int green = frame[i + 1] & 0xff;
        counts[(frame[i] & 0xff) - green + MOST][green - (frame[i + 2] & 0xff) + MOST]++;
      }
      pixels += frame.length / 3;
    }
  }

  /**
   * The share of pixels whose R - G or G - B lies beyond the 0.1 or 99.9 percentile of the data's,
   * widened by 0.05 on the scale -1..1.
   *
   * @param data of which the bounds come
   */
  public double shareBeyond(ColourGamut data) {
    double[] first = data.bounds(true);
    double[] second = data.bounds(false);
    long beyond = 0;
    for (int a = 0; a < counts.length; a++) {
      for (int b = 0; b < counts.length; b++) {
        boolean in = inside(a, first) && inside(b, second);
        beyond += in ? 0 : counts[a][b];
      }
    }
    return (double) beyond / Math.max(1, pixels);
  }

  private static boolean inside(int bin, double[] bounds) {
    return bin - MOST >= bounds[0] && bin - MOST <= bounds[1];
  }

  /** In bytes, the margin included. */
  private double[] bounds(boolean redLessGreen) {
    long[] sums = new long[counts.length];
    for (int a = 0; a < counts.length; a++) {
      for (int b = 0; b < counts.length; b++) {
        sums[redLessGreen ? a : b] += counts[a][b];
      }
    }
    return new double[] {percentile(sums, TAIL) - MARGIN, percentile(sums, 1 - TAIL) + MARGIN};
  }

  /** The least value that at least {@code share} of the pixels do not exceed. */
  private int percentile(long[] sums, double share) {
    long wanted = Math.max(1, (long) Math.ceil(share * pixels));
    long seen = 0;
    int bin = 0;
    while (bin < sums.length - 1 && (seen += sums[bin]) < wanted) {
      bin++;
    }
    return bin - MOST;
  }
}
