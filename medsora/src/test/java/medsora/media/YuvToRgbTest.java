package medsora.media;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import medsora.media.YuvToRgb.Matrix;
import medsora.media.YuvToRgb.Plane;
import org.junit.jupiter.api.Test;

class YuvToRgbTest {
  private static int[] convert(Matrix matrix, boolean full, int y, int u, int v) {
    byte[] rgb = new byte[12];
    byte[] luma = {(byte) y, (byte) y, (byte) y, (byte) y};
    new YuvToRgb(2, 2, 1, 1, matrix, full)
        .convert(
            new Plane(luma, 0, 2, 0),
            new Plane(new byte[] {(byte) u}, 0, 1, 0),
            new Plane(new byte[] {(byte) v}, 0, 1, 0),
            rgb);
    return new int[] {rgb[0] & 255, rgb[1] & 255, rgb[2] & 255};
  }

  /** Primaries of the two standards, from their defining equations. */
  @Test
  void knownColours() {
    assertArrayEquals(new int[] {0, 0, 0}, convert(Matrix.BT601, false, 16, 128, 128));
    assertArrayEquals(new int[] {255, 255, 255}, convert(Matrix.BT709, false, 235, 128, 128));
    assertArrayEquals(new int[] {77, 77, 77}, convert(Matrix.BT601, true, 77, 128, 128));
    near(new int[] {255, 0, 0}, convert(Matrix.BT601, false, 81, 90, 240));
    near(new int[] {0, 255, 0}, convert(Matrix.BT601, false, 145, 54, 34));
    near(new int[] {0, 0, 255}, convert(Matrix.BT601, false, 41, 240, 110));
    near(new int[] {255, 0, 0}, convert(Matrix.BT709, false, 63, 102, 240));
    near(new int[] {0, 0, 255}, convert(Matrix.BT709, false, 32, 240, 118));
  }

  private static void near(int[] expected, int[] got) {
    for (int i = 0; i < 3; i++) {
      assertEquals(expected[i], got[i], 2);
    }
  }

  /** Chroma 100, 140 on a row of four: even columns own it, odd ones lie between. */
  @Test
  void chromaSitsOnEvenColumns() {
    byte[] rgb = new byte[12];
    byte[] grey = {126, 126, 126, 126};
    new YuvToRgb(4, 1, 1, 0, Matrix.BT601, false)
        .convert(
            new Plane(grey, 0, 4, 0),
            new Plane(new byte[] {(byte) 100, (byte) 140}, 0, 2, 0),
            new Plane(new byte[] {(byte) 128, (byte) 128}, 0, 2, 0),
            rgb);
    for (int x = 0; x < 4; x++) {
      double cb = new double[] {100, 120, 140, 140}[x] - 128;
      double blue = 255.0 / 219 * 110 + 255.0 / 224 * 1.772 * cb;
      assertEquals(blue, rgb[x * 3 + 2] & 255, 0.51, "column " + x);
    }
  }
}
