package medsora.media;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.IIOImage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pictures whose files are cut off, of every kind, and samples that have a sign. */
class CutPictureTest {
  @TempDir Path folder;

  private Clip read(String name, byte[] bytes) throws IOException {
    return PictureReader.read(Files.write(folder.resolve(name), bytes), ReadLimits.DEFAULT);
  }

  private String refused(String name, byte[] bytes) {
    return assertThrows(VideoException.class, () -> read(name, bytes), name).getMessage();
  }

  /** Enough detail for some hundred bytes of pixels. */
  private static BufferedImage busy() {
    BufferedImage image = new BufferedImage(40, 32, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < 32; y++) {
      for (int x = 0; x < 40; x++) {
        image.setRGB(x, y, (x * 0x050301) ^ (y * 0x010709) ^ ((x * y) << 5));
      }
    }
    return image;
  }

  @Test
  void aCutPictureIsNotReadAsAWholeOne() throws IOException {
    for (String format : new String[] {"png", "bmp", "tiff"}) {
      byte[] whole = PictureFiles.written(busy(), format);
      assertEquals(40, read("whole." + format, whole).width());
      refused("cut." + format, Arrays.copyOf(whole, whole.length / 2));
    }
    for (boolean progressive : new boolean[] {false, true}) {
      byte[] whole = PictureFiles.jpeg(new IIOImage(busy(), null, null), progressive);
      assertEquals(40, read("whole.jpg", whole).width());
      for (int bytes : new int[] {whole.length / 2, whole.length - 12}) {
        String said = refused("cut.jpg", Arrays.copyOf(whole, bytes));
        assertTrue(said.contains("cut off or damaged ("), said);
      }
    }
  }

  /** A height that is too small leaves half of the pixels' bytes over. */
  @Test
  void dataThatIsNoPixelsIsSeenAndPaddingIsNone() throws IOException {
    byte[] whole = PictureFiles.jpeg(busy());
    byte[] expected = read("a.jpg", whole).frames().getFirst();
    int end = whole.length - 2;
    for (int count : new int[] {2, 40}) {
      byte[] padded = Arrays.copyOf(whole, whole.length + count);
      System.arraycopy(whole, end, padded, end + count, 2);
      Arrays.fill(padded, end, end + count, count == 2 ? (byte) 0x55 : 0);
      assertArrayEquals(expected, read("b.jpg", padded).frames().getFirst());
    }
    byte[] low = whole.clone();
    int frame = 0;
    while ((low[frame] & 0xff) != 0xff || (low[frame + 1] & 0xff) != 0xc0) {
      frame++;
    }
    low[frame + 6] = 16;
    String said = refused("c.jpg", low);
    assertTrue(said.contains("cut off or damaged (") && said.contains("extraneous bytes"), said);
  }

  /** All pixels are there where a picture of one scan lacks its end mark alone. */
  @Test
  void aMissingEndMarkLosesNothing() throws IOException {
    byte[] whole = PictureFiles.jpeg(busy());
    byte[] open = Arrays.copyOf(whole, whole.length - 2);
    assertArrayEquals(
        read("a.jpg", whole).frames().getFirst(), read("b.jpg", open).frames().getFirst());
  }

  @Test
  void signedSamplesAreRefused() throws IOException {
    byte[] grey = PictureFiles.tiff(4, 2, 1, new byte[8], 1);
    assertEquals(4, read("unsigned.tif", grey).width());
    for (int bytes : new int[] {1, 2, 4}) {
      byte[] tiff = PictureFiles.tiff(4, 2, 1, new byte[8 * bytes], 1);
      String said = refused("signed.tif", signed(tiff));
      assertTrue(said.contains("signed"), said);
    }
  }

  /** Says of a tiff's samples, by its field 339, that they have a sign. */
  private static byte[] signed(byte[] tiff) {
    ByteBuffer fields = ByteBuffer.wrap(tiff).order(ByteOrder.LITTLE_ENDIAN);
    int at = 10;
    while (fields.getShort(at) != 339) {
      at += 12;
    }
    fields.putShort(at + 8, (short) 2);
    return tiff;
  }
}
