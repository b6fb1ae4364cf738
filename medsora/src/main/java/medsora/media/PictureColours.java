package medsora.media;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;

/** Pixels of any kind as RGB bytes [H, W, 3]. */
final class PictureColours {
  private PictureColours() {}

  /**
   * Pixels of any image that ImageIO yields: alpha is dropped onto black, grey is repeated, 16 bits
   * become 8.
   *
   * @throws IOException for samples that have no fixed range, such as floats
   */
  static byte[] rgb(BufferedImage image) throws IOException {
    Raster raster = image.getRaster();
    ColorModel model = image.getColorModel();
    int type = raster.getTransferType();
    if (type != DataBuffer.TYPE_BYTE
        && type != DataBuffer.TYPE_USHORT
        && type != DataBuffer.TYPE_INT) {
      throw new IOException("its samples are signed or floats, wants 8 or 16 bits without sign");
    }
    if (model.getColorSpace().getType() == ColorSpace.TYPE_CMYK) {
      return inks(raster, new byte[raster.getWidth() * raster.getHeight() * 3]);
    }
    byte[] rgb = new byte[raster.getWidth() * raster.getHeight() * 3];
    if (!(model instanceof IndexColorModel) && raster.getNumBands() <= 2) {
      grey(raster, model, rgb);
      return rgb;
    }
    int w = image.getWidth();
    int[] row = new int[w];
    for (int y = 0, out = 0; y < image.getHeight(); y++) {
      image.getRGB(0, y, w, 1, row, 0, w);
      for (int x = 0; x < w; x++, out += 3) {
        put(rgb, out, row[x]);
      }
    }
    return rgb;
  }

  /** Stores one ARGB pixel over black. */
  private static void put(byte[] rgb, int out, int argb) {
    int a = argb >>> 24;
    rgb[out] = (byte) over((argb >> 16) & 0xff, a);
    rgb[out + 1] = (byte) over((argb >> 8) & 0xff, a);
    rgb[out + 2] = (byte) over(argb & 0xff, a);
  }

  private static int over(int c, int alpha) {
    return alpha == 255 ? c : (c * alpha + 127) / 255;
  }

  /**
   * Grey samples as they are stored. {@code getRGB} is of no use here: it takes grey for linear
   * light and brightens it.
   */
  private static void grey(Raster raster, ColorModel model, byte[] rgb) {
    int w = raster.getWidth();
    long max = (1L << model.getComponentSize(0)) - 1;
    int[] grey = new int[w];
    int[] alpha = new int[w];
    boolean hasAlpha = raster.getNumBands() == 2;
    for (int y = 0, out = 0; y < raster.getHeight(); y++) {
      raster.getSamples(raster.getMinX(), raster.getMinY() + y, w, 1, 0, grey);
      if (hasAlpha) {
        raster.getSamples(raster.getMinX(), raster.getMinY() + y, w, 1, 1, alpha);
      }
      for (int x = 0; x < w; x++, out += 3) {
        int g = eight(grey[x], max);
        byte v = (byte) over(g, hasAlpha ? eight(alpha[x], max) : 255);
        rgb[out] = v;
        rgb[out + 1] = v;
        rgb[out + 2] = v;
      }
    }
  }

  /** A sample of any number of bits as one of 8. */
  static int eight(int sample, long max) {
    return (int) (((sample & 0xffffffffL) * 255 + max / 2) / max);
  }

  /**
   * Cyan, magenta, yellow and black of a tiff: each colour of light is what both its ink and the
   * black let through, {@code (1 - ink)(1 - black)}. A profile of the printer is not applied.
   */
  private static byte[] inks(Raster raster, byte[] rgb) {
    int w = raster.getWidth();
    int shift = raster.getSampleModel().getSampleSize(0) - 8;
    int[] row = new int[w * raster.getNumBands()];
    for (int y = 0, out = 0; y < raster.getHeight(); y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, w, 1, row);
      for (int x = 0; x < w; x++) {
        int at = x * raster.getNumBands();
        int light = 255 - (row[at + 3] >> shift);
        for (int c = 0; c < 3; c++) {
          rgb[out++] = (byte) through(255 - (row[at + c] >> shift), light);
        }
      }
    }
    return rgb;
  }

  private static int through(int a, int b) {
    return (a * b + 127) / 255;
  }

  /**
   * The four components of a jpeg without profile. Such files hold the light that each ink leaves,
   * 0 for full ink, as Adobe's programs write them.
   *
   * @param luminance whether the first three are Y'CbCr of the inks (Adobe's YCCK; ITU T.872,
   *     6.5.3)
   */
  static byte[] jpegInks(Raster raster, boolean luminance) {
    int w = raster.getWidth();
    byte[] rgb = new byte[w * raster.getHeight() * 3];
    int[] row = new int[4 * w];
    int[] light = new int[3];
    for (int y = 0, out = 0; y < raster.getHeight(); y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, w, 1, row);
      for (int x = 0; x < 4 * w; x += 4) {
        if (luminance) {
          lightOfYcc(row[x], row[x + 1] - 128, row[x + 2] - 128, light);
        } else {
          System.arraycopy(row, x, light, 0, 3);
        }
        for (int c = 0; c < 3; c++) {
          rgb[out++] = (byte) through(light[c], row[x + 3]);
        }
      }
    }
    return rgb;
  }

  /**
   * JFIF's inverse, in 16-bit fixed point; what comes out is the ink, of which the light is left.
   */
  private static void lightOfYcc(int y, int cb, int cr, int[] light) {
    light[0] = 255 - clamp(y + ((91881 * cr + 32768) >> 16));
    light[1] = 255 - clamp(y + ((-22554 * cb - 46802 * cr + 32768) >> 16));
    light[2] = 255 - clamp(y + ((116130 * cb + 32768) >> 16));
  }

  private static int clamp(int v) {
    return Math.max(0, Math.min(255, v));
  }
}
