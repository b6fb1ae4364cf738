package medsora.media;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;

/** Lossless pictures: one frame, a strip of frames, a contact sheet. */
public final class PngWriter {
  private static final int GAP = 2;

  private PngWriter() {}

  /**
   * Writes one picture.
   *
   * @param rgb [height, width, 3]
   */
  public static void write(Path file, byte[] rgb, int height, int width) throws IOException {
    if (rgb.length != height * width * 3) {
      throw new IllegalArgumentException(
          "[png] %dx%d RGB wants %d bytes, got %d"
              .formatted(width, height, height * width * 3, rgb.length));
    }
    PartFile.write(
        file,
        part -> {
          if (!ImageIO.write(Pictures.toImage(rgb, height, width), "png", part.toFile())) {
            throw new VideoException(file.toString(), "this Java runtime has no png writer");
          }
        });
  }

  /**
   * Writes all frames from top to bottom, to be read back by {@link VideoReader}. Frames that are
   * not square, or a single frame, need a name that ends in {@code .stripN.png}.
   */
  public static void strip(Path file, Video video) throws IOException {
    int bytes = video.height() * video.width() * 3;
    if ((long) bytes * video.length() > 1 << 29) {
      throw new VideoException(
          file.toString(), video.length() + " frames are too many for one picture");
    }
    byte[] all = new byte[bytes * video.length()];
    for (int i = 0; i < video.length(); i++) {
      System.arraycopy(video.frames().get(i), 0, all, i * bytes, bytes);
    }
    PngStripSource.Layout layout =
        PngStripSource.layout(
            file, new Pictures.Size(video.width(), video.height() * video.length()));
    if (layout == null
        || layout.frames() != video.length()
        || layout.height() != video.height()
        || !layout.vertical()) {
      throw new VideoException(
          file.toString(),
          "%d frames of %dx%d would not be read back from this name; end it in .strip%d.png"
              .formatted(video.length(), video.width(), video.height(), video.length()));
    }
    write(file, all, video.height() * video.length(), video.width());
  }

  /**
   * Writes a grid: one row per list, its frames from left to right, all of one size.
   *
   * @param rows each a list of [height, width, 3] frames; rows may differ in length
   */
  public static void contactSheet(Path file, List<List<byte[]>> rows, int height, int width)
      throws IOException {
    int columns = rows.stream().mapToInt(List::size).max().orElse(0);
    if (columns == 0) {
      throw new IllegalArgumentException("[png] a contact sheet without frames: " + file);
    }
    int sheetWidth = columns * (width + GAP) + GAP;
    int sheetHeight = rows.size() * (height + GAP) + GAP;
    byte[] sheet = new byte[sheetWidth * sheetHeight * 3];
    java.util.Arrays.fill(sheet, (byte) 255);
    for (int r = 0; r < rows.size(); r++) {
      for (int c = 0; c < rows.get(r).size(); c++) {
        int top = GAP + r * (height + GAP);
        int left = GAP + c * (width + GAP);
        paste(rows.get(r).get(c), height, width, sheet, sheetWidth, top, left);
      }
    }
    write(file, sheet, sheetHeight, sheetWidth);
  }

  private static void paste(
      byte[] frame, int height, int width, byte[] sheet, int sheetWidth, int top, int left) {
    for (int y = 0; y < height; y++) {
      System.arraycopy(frame, y * width * 3, sheet, ((top + y) * sheetWidth + left) * 3, width * 3);
    }
  }
}
