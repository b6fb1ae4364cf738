package medsora.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.io.Printable;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import medsora.media.jpeg.LosslessEncoder;
import medsora.phantom.Phantom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Damaged pictures of every kind are read or refused by name, and nothing else happens. {@code
 * -Djqwik.tries.default=N} runs more tries than the usual 100.
 */
class PictureFuzzTest {
  private static final ReadLimits LIMITS = new ReadLimits(1 << 16, 10, 1 << 20, 10);

  private static Path file;
  private static final List<byte[]> GOOD = new ArrayList<>();

  @BeforeContainer
  static void makeSome() throws IOException {
    file = Files.createTempFile("fuzz", ".picture");
    Clip clip = Phantom.render(2, 0, 1, 32);
    BufferedImage image = Pictures.toImage(clip.frames().getFirst(), 32, 32);
    byte[] exif = PictureFiles.exif(6, ByteOrder.BIG_ENDIAN, "a description");
    byte[] plain = PictureFiles.plainExif(3, ByteOrder.LITTLE_ENDIAN, "a description");
    GOOD.clear();
    GOOD.add(PictureFiles.withSegment(PictureFiles.written(image, "jpeg"), 0xe1, exif));
    GOOD.add(PictureFiles.withChunk(PictureFiles.written(image, "png"), "eXIf", plain));
    GOOD.add(PictureFiles.written(image, "bmp"));
    GOOD.add(PictureFiles.written(image, "tiff"));
    GOOD.add(PictureFiles.tiff(32, 32, 2, clip.frames().getFirst(), 5));
    GOOD.add(PictureFiles.withExif(PictureFiles.WEBP, 4, 2, plain));
    GOOD.add(PictureFiles.LOSSY_WEBP);
    LosslessEncoder lossless = new LosslessEncoder(5, 4, 8, 3, 4, 0, 2, true);
    GOOD.add(lossless.encode(new int[3 * 5 * 4]));
    GOOD.add("P3 2 2 9 1 2 3 4 5 6 7 8 9 1 2 3".getBytes(StandardCharsets.US_ASCII));
  }

  @AfterContainer
  static void clean() throws IOException {
    Files.delete(file);
  }

  @Property
  void cutsAreReadOrRefused(@ForAll Random random) throws IOException {
    byte[] good = one(random);
    reads(Arrays.copyOf(good, random.nextInt(good.length)));
  }

  @Property
  void flippedBitsAreReadOrRefused(@ForAll Random random) throws IOException {
    byte[] bad = one(random).clone();
    for (int k = random.nextInt(6); k >= 0; k--) {
      bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
    }
    reads(bad);
  }

  /** Numbers in headers, rather than somewhere in the pixels. */
  @Property
  void hostileNumbersAreReadOrRefused(@ForAll Random random) throws IOException {
    int[] numbers = {0, -1, 1, Integer.MAX_VALUE, Integer.MIN_VALUE, 1 << 16, 0xffff, 0x7fff0001};
    byte[] bad = one(random).clone();
    int at = random.nextInt(Math.min(bad.length - 4, 200));
    ByteBuffer.wrap(bad).putInt(at, numbers[random.nextInt(numbers.length)]);
    reads(bad);
  }

  private static byte[] one(Random random) {
    return GOOD.get(random.nextInt(GOOD.size()));
  }

  private static void reads(byte[] bytes) throws IOException {
    Files.write(file, bytes);
    try {
      Clip picture = PictureReader.read(file, LIMITS);
      assertTrue((long) picture.width() * picture.height() <= LIMITS.maxPixels());
      assertEquals(3 * picture.width() * picture.height(), picture.frames().getFirst().length);
    } catch (VideoException e) {
      String said = e.getMessage();
      assertTrue(said.startsWith("[video] " + file + ": "), said);
      assertTrue(said.length() < 2000, said);
      assertEquals(Printable.line(said), said);
    }
  }
}
