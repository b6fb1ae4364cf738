package medsora.metric;

/**
 * Likeness of two pictures of RGB bytes [height, width, 3], in double.
 *
 * <ul>
 *   <li>PSNR = 10 log10(255^2 / mean squared error over all bytes), in dB; infinite for equal ones.
 *   <li>SSIM (Wang et al., 2004): 11x11 Gaussian window of deviation 1.5, K1 0.01, K2 0.03, the
 *       mean over all places where the window lies within the picture and over the three channels.
 * </ul>
 */
public final class FrameQuality {
  private static final int WINDOW = 11;
  private static final double DEVIATION = 1.5;
  private static final double C1 = 0.01 * 255 * (0.01 * 255);
  private static final double C2 = 0.03 * 255 * (0.03 * 255);
  private static final double[] GAUSS = gauss();

  private FrameQuality() {}

  private static double[] gauss() {
    double[] g = new double[WINDOW];
    double sum = 0;
    for (int i = 0; i < WINDOW; i++) {
      double d = i - (WINDOW / 2);
      g[i] = StrictMath.exp(-d * d / (2 * DEVIATION * DEVIATION));
      sum += g[i];
    }
    for (int i = 0; i < WINDOW; i++) {
      g[i] /= sum;
    }
    return g;
  }

  /** The mean squared error over all bytes. */
  public static double squaredError(byte[] a, byte[] b) {
    if (a.length != b.length || a.length == 0) {
      throw new IllegalArgumentException(
          "[quality] pictures of " + a.length + " and " + b.length + " bytes");
    }
    long sum = 0;
    for (int i = 0; i < a.length; i++) {
      int d = (a[i] & 0xff) - (b[i] & 0xff);
      sum += (long) d * d;
    }
    return (double) sum / a.length;
  }

  /** From a mean squared error to dB. */
  public static double psnr(double squaredError) {
    return 10 * StrictMath.log10(255.0 * 255.0 / squaredError);
  }

  /** SSIM of one frame; height and width at least 11. */
  public static double ssim(byte[] a, byte[] b, int height, int width) {
    if (height < WINDOW || width < WINDOW) {
      throw new IllegalArgumentException(
          "[quality] SSIM wants pictures of at least 11x11, got " + width + "x" + height);
    }
    double sum = 0;
    for (int c = 0; c < 3; c++) {
      sum += channel(plane(a, c, height * width), plane(b, c, height * width), height, width);
    }
    return sum / 3;
  }

  private static double[] plane(byte[] rgb, int channel, int count) {
    double[] out = new double[count];
    for (int i = 0; i < count; i++) {
      out[i] = rgb[(i * 3) + channel] & 0xff;
    }
    return out;
  }

  private static double channel(double[] a, double[] b, int height, int width) {
    double[] ma = blurred(a, height, width);
    double[] mb = blurred(b, height, width);
    double[] aa = blurred(product(a, a), height, width);
    double[] bb = blurred(product(b, b), height, width);
    double[] ab = blurred(product(a, b), height, width);
    double sum = 0;
    for (int i = 0; i < ma.length; i++) {
      double mean = ma[i] * mb[i];
      double squares = (ma[i] * ma[i]) + (mb[i] * mb[i]);
      double variances = aa[i] + bb[i] - squares;
      sum += ((2 * mean + C1) * (2 * (ab[i] - mean) + C2)) / ((squares + C1) * (variances + C2));
    }
    return sum / ma.length;
  }

  private static double[] product(double[] a, double[] b) {
    double[] out = new double[a.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = a[i] * b[i];
    }
    return out;
  }

  /** The Gaussian mean around each place where the window fits: rows, then columns. */
  private static double[] blurred(double[] x, int height, int width) {
    int w = width - WINDOW + 1;
    int h = height - WINDOW + 1;
    double[] rows = new double[height * w];
    for (int i = 0; i < rows.length; i++) {
      for (int k = 0; k < WINDOW; k++) {
        rows[i] += GAUSS[k] * x[(i / w * width) + (i % w) + k];
      }
    }
    double[] out = new double[h * w];
    for (int i = 0; i < out.length; i++) {
      for (int k = 0; k < WINDOW; k++) {
        out[i] += GAUSS[k] * rows[i + (k * w)];
      }
    }
    return out;
  }
}
