package medsora.media;

import java.awt.image.BufferedImage;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** What names and failures of pictures say, and pictures for writers. */
public final class Pictures {
  private Pictures() {}

  /** Width and height of a picture. */
  record Size(int width, int height) {}

  /** Whether the file's name ends as that of a picture: png, jpg, tif, bmp, webp, ppm, pgm. */
  public static boolean isPictureName(Path file) {
    return PictureKind.isPictureName(file);
  }

  /** The reason without the name of the file, for messages that have it already. */
  public static String reason(Throwable e, Path file) {
    return reason(e, file.toString());
  }

  static String reason(Throwable e, String file) {
    String text = reason(e);
    String prefix = VideoException.prefix(file);
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
