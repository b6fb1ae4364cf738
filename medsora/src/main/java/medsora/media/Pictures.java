package medsora.media;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.FileImageInputStream;
import javax.imageio.stream.ImageInputStream;

/** Still pictures (png, jpeg) to and from RGB bytes. */
public final class Pictures {
  /** What is read; the Java runtime knows more formats, which nobody needs here. */
  private static final Set<String> FORMATS = Set.of("png", "jpeg", "jpg");

  /** The decoded picture, its RGB bytes, and room for the runtime's reader. */
  private static final int BYTES_PER_PIXEL = 12;

  private Pictures() {}

  /** Width and height of a picture. */
  record Size(int width, int height) {}

  /** Whether the file's name says png or jpeg. */
  public static boolean isPictureName(Path file) {
    String n = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return n.endsWith(".png") || n.endsWith(".jpg") || n.endsWith(".jpeg");
  }

  /** Reads only the header. */
  static Size size(Path file, ReadLimits limits) throws IOException {
    return read(
        file,
        limits,
        reader -> {
          Size s = new Size(reader.getWidth(0), reader.getHeight(0));
          limits.checkSize(file.toString(), s.width, s.height);
          return s;
        });
  }

  /** Reads a whole picture; alpha is dropped onto black, grey is repeated, 16 bits become 8. */
  static Clip picture(Path file, ReadLimits limits) throws IOException {
    return read(
        file,
        limits,
        reader -> {
          long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
          limits.checkSize(file.toString(), reader.getWidth(0), reader.getHeight(0));
          limits.checkMemory(file.toString(), pixels * BYTES_PER_PIXEL);
          BufferedImage image = reader.read(0);
          byte[] rgb = toRgb(image);
          return Clip.of(file.toString(), image.getHeight(), image.getWidth(), List.of(rgb));
        });
  }

  private interface Use<T> {
    T of(ImageReader reader) throws IOException;
  }

  private static <T> T read(Path file, ReadLimits limits, Use<T> use) throws IOException {
    String name = file.toString();
    limits.checkFile(name, Files.size(file));
    try (Guarded guarded = new Guarded(name, limits.stallSeconds())) {
      return guarded.call(() -> readNow(file, use));
    }
  }

  private static <T> T readNow(Path file, Use<T> use) throws IOException {
    String name = file.toString();
    try (ImageInputStream in = new FileImageInputStream(file.toFile())) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        throw new VideoException(name, "is not a picture this program knows (png, jpeg)");
      }
      ImageReader reader = readers.next();
      String format = reader.getFormatName().toLowerCase(Locale.ROOT);
      try {
        if (!FORMATS.contains(format)) {
          throw new VideoException(
              name, "is a picture of the kind " + format + ", wants png or jpeg");
        }
        reader.setInput(in, true, true);
        return use.of(reader);
      } finally {
        reader.dispose();
      }
    } catch (VideoException e) {
      throw e;
    } catch (IOException | RuntimeException | StackOverflowError | OutOfMemoryError e) {
      // ImageIO answers damaged files with many kinds of unchecked exceptions.
      throw new VideoException(name, "damaged or unsupported picture (" + reason(e) + ")", e);
    }
  }

  /** The reason without the name of the file, for messages that have it already. */
  public static String reason(Throwable e, Path file) {
    String text = reason(e);
    String prefix = VideoException.prefix(file.toString());
    return text.startsWith(prefix) ? text.substring(prefix.length()) : text;
  }

  public static String reason(Throwable e) {
    // The message of these is the path alone.
    if (e instanceof AccessDeniedException) {
      return "may not be read (access denied)";
    }
    if (e instanceof NoSuchFileException) {
      return "is gone";
    }
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  /** RGB bytes [H,W,3] of any image that ImageIO yields. */
  static byte[] toRgb(BufferedImage image) {
    int w = image.getWidth();
    int h = image.getHeight();
    byte[] rgb = new byte[w * h * 3];
    ColorModel model = image.getColorModel();
    if (!(model instanceof IndexColorModel) && image.getRaster().getNumBands() <= 2) {
      greyToRgb(image.getRaster(), model, rgb);
      return rgb;
    }
    int[] row = new int[w];
    for (int y = 0, out = 0; y < h; y++) {
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
  private static void greyToRgb(Raster raster, ColorModel model, byte[] rgb) {
    int w = raster.getWidth();
    int max = (1 << model.getComponentSize(0)) - 1;
    int[] grey = new int[w];
    int[] alpha = new int[w];
    boolean hasAlpha = raster.getNumBands() == 2;
    for (int y = 0, out = 0; y < raster.getHeight(); y++) {
      raster.getSamples(raster.getMinX(), raster.getMinY() + y, w, 1, 0, grey);
      if (hasAlpha) {
        raster.getSamples(raster.getMinX(), raster.getMinY() + y, w, 1, 1, alpha);
      }
      for (int x = 0; x < w; x++, out += 3) {
        int g = (int) ((grey[x] * 255L + max / 2) / max);
        int a = hasAlpha ? (int) ((alpha[x] * 255L + max / 2) / max) : 255;
        byte v = (byte) over(g, a);
        rgb[out] = v;
        rgb[out + 1] = v;
        rgb[out + 2] = v;
      }
    }
  }

  /** An image that holds a copy of RGB bytes [H,W,3]. */
  static BufferedImage toImage(byte[] rgb, int height, int width) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    int[] row = new int[width];
    for (int y = 0, in = 0; y < height; y++) {
      for (int x = 0; x < width; x++, in += 3) {
        row[x] = (rgb[in] & 0xff) << 16 | (rgb[in + 1] & 0xff) << 8 | (rgb[in + 2] & 0xff);
      }
      image.setRGB(0, y, width, 1, row, 0, width);
    }
    return image;
  }
}
