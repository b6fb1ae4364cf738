package medsora.media;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.FileImageOutputStream;
import medsora.phantom.Phantom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GifSourceTest {
  @TempDir Path folder;

  /** Colours by number: 0 transparent, 1 red, 2 green, 3 blue. */
  private static final IndexColorModel MODEL =
      new IndexColorModel(
          8, 4, new byte[] {0, -1, 0, 0}, new byte[] {0, 0, -1, 0}, new byte[] {0, 0, 0, -1}, 0);

  private record Patch(int left, int colour, int width, String disposal) {}

  /** A gif 3 wide and 1 high from patches of one colour. */
  private Path gif(Patch... patches) throws IOException {
    Path file = folder.resolve("patches.gif");
    ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
    try (FileImageOutputStream out = new FileImageOutputStream(file.toFile())) {
      writer.setOutput(out);
      writer.prepareWriteSequence(null);
      for (Patch p : patches) {
        BufferedImage image = new BufferedImage(p.width, 1, BufferedImage.TYPE_BYTE_INDEXED, MODEL);
        int[] row = new int[p.width];
        Arrays.fill(row, p.colour);
        image.getRaster().setPixels(0, 0, p.width, 1, row);
        writer.writeToSequence(new IIOImage(image, null, metadata(writer, image, p)), null);
      }
      writer.endWriteSequence();
    } finally {
      writer.dispose();
    }
    return file;
  }

  private static IIOMetadata metadata(ImageWriter writer, BufferedImage image, Patch p)
      throws IOException {
    IIOMetadata m =
        writer.getDefaultImageMetadata(ImageTypeSpecifier.createFromRenderedImage(image), null);
    IIOMetadataNode root = (IIOMetadataNode) m.getAsTree(m.getNativeMetadataFormatName());
    IIOMetadataNode place = (IIOMetadataNode) root.getElementsByTagName("ImageDescriptor").item(0);
    place.setAttribute("imageLeftPosition", "" + p.left);
    IIOMetadataNode control =
        (IIOMetadataNode) root.getElementsByTagName("GraphicControlExtension").item(0);
    control.setAttribute("disposalMethod", p.disposal);
    control.setAttribute("transparentColorFlag", "TRUE");
    control.setAttribute("transparentColorIndex", "0");
    m.setFromTree(m.getNativeMetadataFormatName(), root);
    return m;
  }

  private static String colours(byte[] frame) {
    StringBuilder s = new StringBuilder();
    for (int i = 0; i < frame.length; i += 3) {
      s.append(frame[i] != 0 ? 'r' : frame[i + 1] != 0 ? 'g' : frame[i + 2] != 0 ? 'b' : '.');
    }
    return s.toString();
  }

  @Test
  void patchesAreComposedAndDisposedOf() throws IOException {
    Clip v =
        VideoReader.read(
            gif(
                new Patch(0, 1, 3, "none"),
                new Patch(1, 2, 1, "restoreToPrevious"),
                new Patch(2, 3, 1, "doNotDispose"),
                new Patch(0, 2, 2, "restoreToBackgroundColor"),
                new Patch(1, 0, 1, "none")));
    assertEquals(3, v.width());
    String[] expected = {"rrr", "rgr", "rrb", "ggb", "..b"};
    assertEquals(expected.length, v.length());
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], colours(v.frames().get(i)), "frame " + i);
    }
  }

  @Test
  void damagedGifsEndInIoException() throws IOException {
    Path good = folder.resolve("good.gif");
    GifWriter.write(good, Phantom.render(1, 0, 3, 16).at(10));
    byte[] bytes = Files.readAllBytes(good);
    Path bad = folder.resolve("bad.gif");
    int refused = 0;
    for (int i = 7; i < bytes.length; i += 23) {
      byte[] damaged = i % 2 == 0 ? Arrays.copyOf(bytes, i) : bytes.clone();
      damaged[i / 2] ^= (byte) (i % 2 == 0 ? 0 : 0x5a);
      Files.write(bad, damaged);
      try {
        VideoReader.read(bad);
      } catch (IOException e) {
        refused++;
        assertTrue(e.getMessage().contains("bad.gif"), e.getMessage());
      }
    }
    assertTrue(refused > 0);
  }

  @Test
  void writtenGifComesBack() throws IOException {
    Clip v = Phantom.render(2, 0, 4, 32);
    Path file = folder.resolve("p.gif");
    GifWriter.write(file, v.at(8));
    Clip back = VideoReader.read(file);
    assertEquals(4, back.length());
    assertTrue(WritersTest.psnr(v, back) > 34, "psnr " + WritersTest.psnr(v, back));
    String head =
        new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1);
    assertTrue(head.contains("NETSCAPE2.0"), "does not loop");
  }

  @Test
  void fewColoursComeBackExactly() throws IOException {
    byte[] frame = new byte[4 * 4 * 3];
    for (int i = 0; i < frame.length; i += 3) {
      frame[i] = (byte) (i % 2 == 0 ? 200 : 20);
    }
    Path file = folder.resolve("two.gif");
    GifWriter.write(file, Clip.of("two", 4, 4, java.util.List.of(frame, frame)).at(5));
    assertArrayEquals(frame, VideoReader.read(file).frames().get(1));
    assertThrows(
        IllegalArgumentException.class,
        () -> GifWriter.write(file, Phantom.render(1, 0, 1, 8).at(51)));
  }
}
