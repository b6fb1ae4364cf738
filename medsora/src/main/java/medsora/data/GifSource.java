package medsora.data;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.stream.FileImageInputStream;
import org.w3c.dom.Node;

/**
 * An animated gif: each stored picture is drawn onto the canvas at its place, and disposed of as
 * the file says (kept, cleared, or the canvas before it restored). The background is black.
 */
final class GifSource implements FrameSource {
  private final String name;
  private final ReadLimits limits;
  private final FileImageInputStream in;
  private final ImageReader reader;
  private final int width;
  private final int height;
  private final byte[] canvas;
  private byte[] before;
  private Patch last;
  private int position;

  /** A stored picture's place and what becomes of it after it was shown. */
  private record Patch(int left, int top, int width, int height, String disposal) {}

  GifSource(Path file, ReadLimits limits) throws IOException {
    this.name = file.toString();
    this.limits = limits;
    limits.checkFile(name, Files.size(file));
    Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName("gif");
    if (!readers.hasNext()) {
      throw new VideoException(name, "this Java runtime has no gif reader");
    }
    reader = readers.next();
    in = new FileImageInputStream(file.toFile());
    try {
      reader.setInput(in, false, false);
      Node screen = child(reader.getStreamMetadata(), "LogicalScreenDescriptor");
      width = number(screen, "logicalScreenWidth");
      height = number(screen, "logicalScreenHeight");
      limits.checkSize(name, width, height);
      canvas = new byte[width * height * 3];
    } catch (VideoException e) {
      close();
      throw e;
    } catch (IOException | RuntimeException e) {
      close();
      throw damaged(e);
    }
  }

  private VideoException damaged(Throwable e) {
    return new VideoException(
        name, "damaged gif at frame " + position + " (" + Pictures.reason(e) + ")", e);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int width() {
    return width;
  }

  @Override
  public int height() {
    return height;
  }

  @Override
  public boolean next(byte[] rgb) throws IOException {
    IIOImage image = readNext();
    if (image == null) {
      if (position == 0) {
        throw new VideoException(name, "holds no frames");
      }
      return false;
    }
    limits.checkFrame(name, position);
    dispose();
    Patch patch = patch(image.getMetadata(), (BufferedImage) image.getRenderedImage());
    before = patch.disposal.equals("restoreToPrevious") ? canvas.clone() : null;
    draw((BufferedImage) image.getRenderedImage(), patch);
    last = patch;
    position++;
    System.arraycopy(canvas, 0, rgb, 0, canvas.length);
    return true;
  }

  /** The next stored picture, or null after the last. */
  private IIOImage readNext() throws IOException {
    try {
      if (reader.getWidth(position) > 1 << 16 || reader.getHeight(position) > 1 << 16) {
        throw new VideoException(name, "damaged gif: impossible size of frame " + position);
      }
      limits.checkSize(name, reader.getWidth(position), reader.getHeight(position));
    } catch (IndexOutOfBoundsException e) {
      return null;
    } catch (VideoException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw damaged(e);
    }
    try {
      return reader.readAll(position, null);
    } catch (IOException | RuntimeException e) {
      throw damaged(e);
    }
  }

  private void dispose() {
    if (last == null) {
      return;
    }
    switch (last.disposal) {
      case "restoreToBackgroundColor" -> clear(last);
      case "restoreToPrevious" -> System.arraycopy(before, 0, canvas, 0, canvas.length);
      default -> {}
    }
  }

  private void clear(Patch p) {
    int right = Math.min(p.left + p.width, width);
    for (int y = p.top; y < Math.min(p.top + p.height, height); y++) {
      if (p.left < right) {
        java.util.Arrays.fill(canvas, (y * width + p.left) * 3, (y * width + right) * 3, (byte) 0);
      }
    }
  }

  private void draw(BufferedImage image, Patch p) {
    int[] row = new int[p.width];
    for (int y = 0; y < p.height && p.top + y < height; y++) {
      image.getRGB(0, y, p.width, 1, row, 0, p.width);
      for (int x = 0; x < p.width && p.left + x < width; x++) {
        if (row[x] >>> 24 != 0) {
          int out = ((p.top + y) * width + p.left + x) * 3;
          canvas[out] = (byte) (row[x] >> 16);
          canvas[out + 1] = (byte) (row[x] >> 8);
          canvas[out + 2] = (byte) row[x];
        }
      }
    }
  }

  private static Patch patch(IIOMetadata metadata, BufferedImage image) throws IOException {
    Node place = child(metadata, "ImageDescriptor");
    Node control = child(metadata, "GraphicControlExtension");
    Node disposal = control == null ? null : control.getAttributes().getNamedItem("disposalMethod");
    return new Patch(
        number(place, "imageLeftPosition"),
        number(place, "imageTopPosition"),
        image.getWidth(),
        image.getHeight(),
        disposal == null ? "none" : disposal.getNodeValue());
  }

  private static Node child(IIOMetadata metadata, String wanted) {
    Node root = metadata.getAsTree(metadata.getNativeMetadataFormatName());
    for (Node n = root.getFirstChild(); n != null; n = n.getNextSibling()) {
      if (n.getNodeName().equals(wanted)) {
        return n;
      }
    }
    return null;
  }

  private static int number(Node node, String attribute) throws IOException {
    if (node == null) {
      throw new IOException("no " + attribute);
    }
    return Integer.parseInt(node.getAttributes().getNamedItem(attribute).getNodeValue());
  }

  @Override
  public void close() throws IOException {
    reader.dispose();
    in.close();
  }
}
