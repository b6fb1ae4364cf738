package medsora.media;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import medsora.media.jpeg.LosslessEncoder;
import medsora.media.jpeg.LosslessJpegTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pictures of lossless JPEG have every pixel that was encoded. */
class LosslessPictureTest {
  private static final int APP14 = 0xee;
  private static final int APP0 = 0xe0;

  @TempDir Path folder;

  private Clip read(byte[] jpeg) throws IOException {
    return PictureReader.read(Files.write(folder.resolve("a.jpg"), jpeg), ReadLimits.DEFAULT);
  }

  private String refused(byte[] jpeg) {
    return assertThrows(VideoException.class, () -> read(jpeg)).getMessage();
  }

  /** The last pixel of one in ten is lost by others. */
  @Test
  void everyPixelComesBack() throws IOException {
    Random random = new Random(5);
    for (int i = 0; i < 300; i++) {
      int components = i % 2 == 0 ? 1 : 3;
      int bits = new int[] {8, 16, 12}[i % 3];
      int rows = i % 5 == 0 ? 1 : 0;
      LosslessEncoder e =
          new LosslessEncoder(
              1 + i % 9, 1 + i % 7, bits, components, 1 + i % 7, 0, rows, i % 4 > 0);
      int[] samples = LosslessJpegTest.samples(random, e);
      Clip got = read(e.encode(samples));
      assertEquals(e.width(), got.width());
      assertEquals(e.height(), got.height());
      byte[] expected = new byte[3 * e.width() * e.height()];
      long most = (1L << bits) - 1;
      for (int k = 0; k < expected.length; k++) {
        int sample = samples[components == 1 ? k / 3 : k];
        // The nearest of 256 values.
        expected[k] = (byte) Math.round(sample * 255.0 / most);
      }
      assertArrayEquals(expected, got.frames().getFirst(), e.toString());
    }
  }

  private static byte[] pixel(int... samples) {
    return new LosslessEncoder(1, 1, 8, 3, 1, 0, 0, true).encode(samples);
  }

  @Test
  void threeComponentsAreWhatAdobesSegmentOrJfifsSay() throws IOException {
    byte[] plain = pixel(76, 85, 255);
    byte[] adobe = {'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0};
    byte[] jfif = {'J', 'F', 'I', 'F', 0, 1, 2, 0, 0, 1, 0, 1, 0, 0};
    byte[] stored = {76, 85, (byte) 255};
    assertArrayEquals(stored, read(plain).frames().getFirst());
    byte[] rgb = PictureFiles.withSegment(plain, APP14, adobe);
    assertArrayEquals(stored, read(rgb).frames().getFirst());
    adobe[11] = 1;
    // JFIF's red: 76 + 1.402 * 127, 76 + 0.344136 * 43 - 0.714136 * 127, 76 - 1.772 * 43.
    byte[] red = {(byte) 254, 0, 0};
    byte[] turned = PictureFiles.withSegment(plain, APP14, adobe);
    assertArrayEquals(red, read(turned).frames().getFirst());
    assertArrayEquals(red, read(PictureFiles.withSegment(plain, APP0, jfif)).frames().getFirst());
  }

  @Test
  void itIsTurnedAsItsExifSays() throws IOException {
    byte[] jpeg = new LosslessEncoder(3, 1, 8, 1, 1, 0, 0, true).encode(new int[] {1, 2, 3});
    byte[] exif = PictureFiles.exif(6, ByteOrder.BIG_ENDIAN, "");
    Clip got = read(PictureFiles.withSegment(jpeg, 0xe1, exif));
    assertEquals(1, got.width());
    assertEquals(3, got.height());
    assertArrayEquals(new byte[] {1, 1, 1, 2, 2, 2, 3, 3, 3}, got.frames().getFirst());
  }

  @Test
  void whatIsCutIsDamagedAndWhatIsNotReadIsNot() {
    LosslessEncoder e = new LosslessEncoder(9, 7, 8, 1, 4, 0, 0, true);
    byte[] whole = e.encode(LosslessJpegTest.samples(new Random(1), e));
    for (int length : new int[] {whole.length / 2, whole.length - 6}) {
      assertTrue(refused(Arrays.copyOf(whole, length)).contains("cut off or damaged ("));
    }
    byte[] nine = new LosslessEncoder(1, 1, 9, 3, 1, 0, 0, true).encode(new int[] {1, 2, 3});
    byte[] blocks = pixel(1, 2, 3);
    blocks[13] = 0x21;
    blocks[16] = 0x21;
    for (byte[] other : new byte[][] {nine, blocks}) {
      String said = refused(other);
      assertTrue(said.contains("convert it to png"), said);
      assertFalse(said.contains("damaged"), said);
    }
  }

  /** The header alone may promise what no heap holds. */
  @Test
  void aSizeBeyondTheLimitsIsRefusedFirst() {
    byte[] jpeg = pixel(1, 2, 3);
    Arrays.fill(jpeg, 7, 11, (byte) 0xff);
    String said = refused(jpeg);
    assertTrue(said.contains("65535x65535 pixels per frame exceed the limit"), said);
  }
}
