package medsora.metric;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Random;
import medsora.media.Clip;
import org.junit.jupiter.api.Test;

class FrameQualityTest {
  private static byte[] noise(int height, int width, long seed) {
    byte[] out = new byte[height * width * 3];
    new Random(seed).nextBytes(out);
    return out;
  }

  @Test
  void equalPicturesAreWhollyAlike() {
    byte[] a = noise(12, 15, 1);
    assertEquals(Double.POSITIVE_INFINITY, FrameQuality.psnr(FrameQuality.squaredError(a, a)));
    assertEquals(1, FrameQuality.ssim(a, a, 12, 15), 1e-12);
  }

  @Test
  void aConstantDifferenceIsItsOwnError() {
    byte[] a = new byte[300];
    byte[] b = new byte[300];
    java.util.Arrays.fill(b, (byte) 16);
    assertEquals(256, FrameQuality.squaredError(a, b));
    // 20 log10(255 / 16)
    assertEquals(24.0485, FrameQuality.psnr(FrameQuality.squaredError(a, b)), 1e-4);
  }

  /**
   * The definition, written out for each place: weighted moments under the two-dimensional window.
   */
  @Test
  void ssimIsItsDefinition() {
    int h = 14;
    int w = 13;
    byte[] a = noise(h, w, 2);
    byte[] b = noise(h, w, 3);
    for (int i = 0; i < b.length; i += 2) {
      b[i] = a[i];
    }
    double norm = 0;
    double[][] g = new double[11][11];
    for (int y = 0; y < 11; y++) {
      for (int x = 0; x < 11; x++) {
        g[y][x] = Math.exp(-((y - 5) * (y - 5) + (x - 5) * (x - 5)) / (2 * 1.5 * 1.5));
        norm += g[y][x];
      }
    }
    double sum = 0;
    int places = 0;
    for (int c = 0; c < 3; c++) {
      for (int top = 0; top + 11 <= h; top++) {
        for (int left = 0; left + 11 <= w; left++) {
          sum += at(a, b, g, norm, w, top, left, c);
          places++;
        }
      }
    }
    assertEquals(sum / places, FrameQuality.ssim(a, b, h, w), 1e-9);
  }

  private static double at(
      byte[] a, byte[] b, double[][] g, double norm, int w, int top, int left, int c) {
    double ma = 0;
    double mb = 0;
    for (int y = 0; y < 11; y++) {
      for (int x = 0; x < 11; x++) {
        int i = (((top + y) * w + left + x) * 3) + c;
        ma += g[y][x] / norm * (a[i] & 0xff);
        mb += g[y][x] / norm * (b[i] & 0xff);
      }
    }
    double va = 0;
    double vb = 0;
    double vab = 0;
    for (int y = 0; y < 11; y++) {
      for (int x = 0; x < 11; x++) {
        int i = (((top + y) * w + left + x) * 3) + c;
        double da = (a[i] & 0xff) - ma;
        double db = (b[i] & 0xff) - mb;
        va += g[y][x] / norm * da * da;
        vb += g[y][x] / norm * db * db;
        vab += g[y][x] / norm * da * db;
      }
    }
    double c1 = 6.5025;
    double c2 = 58.5225;
    return (2 * ma * mb + c1) * (2 * vab + c2) / ((ma * ma + mb * mb + c1) * (va + vb + c2));
  }

  @Test
  void smallOrUnequalPicturesAreRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> FrameQuality.ssim(noise(10, 20, 1), noise(10, 20, 1), 10, 20));
    assertThrows(
        IllegalArgumentException.class, () -> FrameQuality.squaredError(new byte[3], new byte[6]));
  }

  @Test
  void statisticsOfAClip() {
    // Two frames of one pixel: red 0 then 1, green 0.5 twice, blue -1 then 1.
    Clip clip = Clip.of("two", 2, 1, 1, new float[] {0, 1, 0.5f, 0.5f, -1, 1});
    ClipStatistics s = ClipStatistics.of(List.of(clip, clip));
    assertArrayEquals(new double[] {0.5, 0.5, 0}, s.means(), 1e-12);
    assertArrayEquals(new double[] {0.5, 0, 1}, s.deviations(), 1e-12);
    assertEquals(1, s.frameDifference(), 1e-12);
    Clip still = Clip.of("one", 1, 1, 1, new float[3]);
    assertEquals(0, ClipStatistics.of(List.of(still)).frameDifference());
  }
}
