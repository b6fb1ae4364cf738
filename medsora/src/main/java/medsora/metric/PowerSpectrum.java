package medsora.metric;

import static engine.op.spectral.Spectral.fft2;

import engine.autodiff.Tape;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import medsora.media.Clip;

/**
 * How much detail of which size pictures have: the mean power of the luma per octave of spatial
 * frequency, over all frames. Each frame is brought to mean 0 and faded out towards its border
 * (Hann window), for the jump from one border to the opposite one is no detail. Frequencies beyond
 * half a cycle per pixel, which the corners of the spectrum have, are left out.
 *
 * @param octaves mean power, the finest octave first: 1/4 to 1/2 cycles per pixel, 1/8 to 1/4, ...
 */
public record PowerSpectrum(List<Double> octaves) {
  /** Octaves that make the sharpness: details of two to eight pixels. */
  private static final int FINE = 2;

  private static final int OCTAVES = 4;
  private static final double[] LUMA = {0.299, 0.587, 0.114};

  public PowerSpectrum {
    octaves = List.copyOf(octaves);
  }

  /**
   * The spectrum of clips.
   *
   * @param clips of frames of at least 16x16, as bytes
   */
  public static PowerSpectrum of(List<Clip> clips) {
    double[] sums = new double[OCTAVES];
    long[] counts = new long[OCTAVES];
    for (Clip clip : clips) {
      add(clip, sums, counts);
    }
    List<Double> octaves = new ArrayList<>();
    for (int i = 0; i < OCTAVES; i++) {
      octaves.add(sums[i] / Math.max(1, counts[i]));
    }
    return new PowerSpectrum(octaves);
  }

  /**
   * The power of fine detail as a share of other clips': the geometric mean over the two finest
   * octaves. Below 1 is blurred, above 1 has edges or noise that the others have not.
   */
  public double sharpness(PowerSpectrum data) {
    double product = 1;
    for (int i = 0; i < FINE; i++) {
      product *= octaves.get(i) / data.octaves.get(i);
    }
    return StrictMath.pow(product, 1.0 / FINE);
  }

  private static void add(Clip clip, double[] sums, long[] counts) {
    int h = clip.height();
    int w = clip.width();
    if (h < 1 << OCTAVES || w < 1 << OCTAVES) {
      throw new IllegalArgumentException(
          "[power spectrum] wants frames of at least %d pixels, got %dx%d"
              .formatted(1 << OCTAVES, w, h));
    }
    float[] spectrum;
    try (Tape scope = Tape.noGrad()) {
      spectrum = fft2(faded(clip), true).toArray();
    }
    for (int i = 0; i < spectrum.length / 2; i++) {
      int octave = octave(frequency(i % w, w), frequency(i / w % h, h));
      if (octave >= 0) {
        double re = spectrum[2 * i];
        double im = spectrum[(2 * i) + 1];
        sums[octave] += (re * re) + (im * im);
        counts[octave]++;
      }
    }
  }

  /** Luma of all frames [T, H, W], each of mean 0 and faded out. */
  private static Tensor faded(Clip clip) {
    int h = clip.height();
    int w = clip.width();
    float[] out = new float[clip.length() * h * w];
    double[] rows = hann(h);
    double[] columns = hann(w);
    for (int t = 0; t < clip.length(); t++) {
      double[] luma = luma(clip.frames().get(t), h * w);
      for (int i = 0; i < luma.length; i++) {
        out[(t * luma.length) + i] = (float) (luma[i] * rows[i / w] * columns[i % w]);
      }
    }
    return Tensor.of(Shape.of(clip.length(), h, w), out);
  }

  private static double[] luma(byte[] rgb, int pixels) {
    double[] luma = new double[pixels];
    double sum = 0;
    for (int i = 0; i < pixels; i++) {
      for (int c = 0; c < LUMA.length; c++) {
        luma[i] += LUMA[c] * (rgb[(3 * i) + c] & 0xff);
      }
      sum += luma[i];
    }
    for (int i = 0; i < pixels; i++) {
      luma[i] -= sum / pixels;
    }
    return luma;
  }

  private static double[] hann(int n) {
    double[] window = new double[n];
    for (int i = 0; i < n; i++) {
      window[i] = 0.5 - (0.5 * StrictMath.cos(2 * StrictMath.PI * (i + 0.5) / n));
    }
    return window;
  }

  /** Cycles per pixel of the k-th of n coefficients, its sign aside. */
  private static double frequency(int k, int n) {
    return (double) Math.min(k, n - k) / n;
  }

  /** 0 for 1/4 to 1/2 cycles per pixel, 1 for the octave below; -1 outside of all. */
  private static int octave(double x, double y) {
    double r = Math.sqrt((x * x) + (y * y));
    double high = 0.5;
    for (int i = 0; i < OCTAVES; i++) {
      if (r <= high && r > high / 2) {
        return i;
      }
      high /= 2;
    }
    return -1;
  }
}
