package medsora.media;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.FileImageOutputStream;
import javax.imageio.stream.ImageOutputStream;

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
   * Writes all frames from top to bottom, to be read back by {@link VideoReader}: a text in the
   * file says how many there are ({@link ReadOptions}).
   */
  public static void strip(Path file, Clip clip) throws IOException {
    int bytes = clip.height() * clip.width() * 3;
    if ((long) bytes * clip.length() > 1 << 29) {
      throw new VideoException(
          file.toString(), clip.length() + " frames are too many for one picture");
    }
    List<byte[]> frames = clip.frames();
    byte[] all = new byte[bytes * clip.length()];
    for (int i = 0; i < clip.length(); i++) {
      System.arraycopy(frames.get(i), 0, all, i * bytes, bytes);
    }
    StripLayout layout = new StripLayout(clip.width(), clip.height(), clip.length(), true);
    Pictures.Size size = new Pictures.Size(clip.width(), clip.height() * clip.length());
    Optional<StripLayout> named = StripLayout.named(file, size);
    if (named.isPresent() && !named.get().equals(layout)) {
      throw new VideoException(
          file.toString(),
          "%d frames of %dx%d would not be read back from this name; end it in .png alone"
              .formatted(clip.length(), clip.width(), clip.height()));
    }
    BufferedImage image = Pictures.toImage(all, size.height(), size.width());
    Map<String, String> said = new LinkedHashMap<>();
    said.put(PictureHead.STRIP, Integer.toString(clip.length()));
    clip.label().ifPresent(label -> said.put(LabelReader.KEY, label.text()));
    PartFile.write(file, part -> marked(part, image, said));
  }

  /** With texts by their keywords. */
  private static void marked(Path file, BufferedImage image, Map<String, String> said)
      throws IOException {
    // What a killed process left behind would stay at its end.
    Files.deleteIfExists(file);
    ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
    try (ImageOutputStream out = new FileImageOutputStream(file.toFile())) {
      ImageTypeSpecifier type = ImageTypeSpecifier.createFromRenderedImage(image);
      IIOMetadata metadata = writer.getDefaultImageMetadata(type, null);
      String format = metadata.getNativeMetadataFormatName();
      IIOMetadataNode root = new IIOMetadataNode(format);
      IIOMetadataNode texts = new IIOMetadataNode("tEXt");
      said.forEach((keyword, value) -> {
        IIOMetadataNode entry = new IIOMetadataNode("tEXtEntry");
        entry.setAttribute("keyword", keyword);
        entry.setAttribute("value", value);
        texts.appendChild(entry);
      });
      root.appendChild(texts);
      metadata.mergeTree(format, root);
      writer.setOutput(out);
      writer.write(new IIOImage(image, null, metadata));
    } finally {
      writer.dispose();
    }
  }

  /**
   * Writes a grid: one row per clip, its frames from left to right.
   *
   * @param rows of frames of one size; they may differ in length, and not all be empty
   */
  public static void contactSheet(Path file, List<Clip> rows) throws IOException {
    int columns = rows.stream().mapToInt(Clip::length).max().orElse(0);
    if (columns == 0) {
      throw new IllegalArgumentException("[png] a contact sheet without frames: " + file);
    }
    int height = rows.getFirst().height();
    int width = rows.getFirst().width();
    int sheetWidth = columns * (width + GAP) + GAP;
    int sheetHeight = rows.size() * (height + GAP) + GAP;
    byte[] sheet = new byte[sheetWidth * sheetHeight * 3];
    Arrays.fill(sheet, (byte) 255);
    for (int r = 0; r < rows.size(); r++) {
      Clip row = rows.get(r);
      if (row.height() != height || row.width() != width) {
        throw new IllegalArgumentException(
            "[png] the rows of a contact sheet differ in size: %s; %s".formatted(rows.get(0), row));
      }
      List<byte[]> frames = row.frames();
      for (int c = 0; c < frames.size(); c++) {
        int top = GAP + r * (height + GAP);
        int left = GAP + c * (width + GAP);
        paste(frames.get(c), height, width, sheet, sheetWidth, top, left);
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
