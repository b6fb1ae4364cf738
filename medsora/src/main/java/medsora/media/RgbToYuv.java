package medsora.media;

import org.jcodec.common.model.Picture;

/**
 * RGB to planar 4:2:0 Y'CbCr, BT.601 limited range, in integer arithmetic. A chroma sample averages
 * two rows and, with weights 1 2 1, three columns around the even one on which it sits: what {@link
 * YuvToRgb} undoes.
 */
final class RgbToYuv {
  private static final int BITS = 16;

  private RgbToYuv() {}

  /** Fills the picture, whose even size may exceed the frame's by one. */
  static void convert(byte[] rgb, int height, int width, Picture out) {
    int w = out.getWidth();
    int h = out.getHeight();
    byte[] luma = out.getPlaneData(0);
    for (int y = 0; y < h; y++) {
      for (int x = 0; x < w; x++) {
        int at = at(y, x, height, width);
        int r = rgb[at] & 0xff;
        int g = rgb[at + 1] & 0xff;
        int b = rgb[at + 2] & 0xff;
        int v = (16 << BITS) + 16829 * r + 33039 * g + 6416 * b + (1 << (BITS - 1));
        luma[y * w + x] = (byte) ((v >> BITS) - 128);
      }
    }
    byte[] cb = out.getPlaneData(1);
    byte[] cr = out.getPlaneData(2);
    for (int y = 0; y < h / 2; y++) {
      for (int x = 0; x < w / 2; x++) {
        int r = around(rgb, y, x, 0, height, width);
        int g = around(rgb, y, x, 1, height, width);
        int b = around(rgb, y, x, 2, height, width);
        // Sums of eight; the planes hold values minus 128.
        cb[y * (w / 2) + x] = chroma(-9714 * r - 19071 * g + 28784 * b);
        cr[y * (w / 2) + x] = chroma(28784 * r - 24103 * g - 4681 * b);
      }
    }
  }

  private static byte chroma(int scaled) {
    int v = (scaled + (1 << (BITS + 2))) >> (BITS + 3);
    return (byte) Math.max(-112, Math.min(112, v));
  }

  private static int around(byte[] rgb, int y, int x, int c, int height, int width) {
    int sum = 0;
    for (int row = 2 * y; row <= 2 * y + 1; row++) {
      sum += rgb[at(row, Math.max(2 * x - 1, 0), height, width) + c] & 0xff;
      sum += 2 * (rgb[at(row, 2 * x, height, width) + c] & 0xff);
      sum += rgb[at(row, 2 * x + 1, height, width) + c] & 0xff;
    }
    return sum;
  }

  private static int at(int y, int x, int height, int width) {
    return (Math.min(y, height - 1) * width + Math.min(x, width - 1)) * 3;
  }
}
