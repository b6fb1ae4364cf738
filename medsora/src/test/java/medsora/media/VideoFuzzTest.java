package medsora.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.io.Printable;
import engine.testing.Fixtures;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import medsora.phantom.Phantom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Damaged videos of every kind are read or refused by name by the built-in readers, and nothing
 * else happens. {@code -Djqwik.tries.default=N} runs more tries than the usual 100.
 */
class VideoFuzzTest {
  private static final ReadLimits LIMITS = new ReadLimits(1 << 20, 1000, 1 << 24, 10);
  private static final int MOST_FRAMES = 1000;

  /** Whole files, by their ending. */
  private record Good(String ending, byte[] bytes) {}

  private static Path folder;
  private static final List<Good> GOOD = new ArrayList<>();

  @BeforeContainer
  static void writeSome() throws IOException {
    folder = Files.createTempDirectory("fuzz");
    Clip video = Phantom.render(1, 0, 5, 24);
    Mp4Writer.write(folder.resolve("w.mp4"), video.at(6));
    GifWriter.write(folder.resolve("w.gif"), video.at(6));
    PngWriter.strip(folder.resolve("w.png"), video);
    Path data = Fixtures.testdata().resolve("video");
    GOOD.clear();
    GOOD.add(new Good(".mp4", Files.readAllBytes(data.resolve("bframes.mp4"))));
    GOOD.add(new Good(".mp4", Files.readAllBytes(data.resolve("lossless.mp4"))));
    for (String ending : List.of(".mp4", ".gif", ".png")) {
      GOOD.add(new Good(ending, Files.readAllBytes(folder.resolve("w" + ending))));
    }
  }

  @AfterContainer
  static void clean() throws IOException {
    try (var files = Files.walk(folder)) {
      for (Path p : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(p);
      }
    }
  }

  @Property
  void cutsAreReadOrRefused(@ForAll Random random) throws IOException {
    for (Good good : GOOD) {
      reads(good, Arrays.copyOf(good.bytes, random.nextInt(good.bytes.length)));
    }
  }

  @Property
  void flippedBitsAreReadOrRefused(@ForAll Random random) throws IOException {
    for (Good good : GOOD) {
      byte[] bad = good.bytes.clone();
      for (int k = random.nextInt(6); k >= 0; k--) {
        bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
      }
      reads(good, bad);
    }
  }

  /** Numbers in headers and tables, rather than somewhere in the pictures. */
  @Property
  void hostileNumbersAreReadOrRefused(@ForAll Random random) throws IOException {
    int[] numbers = {0, -1, 1, Integer.MAX_VALUE, Integer.MIN_VALUE, 1 << 16, 0xffff, 0x7fff0001};
    for (Good good : GOOD) {
      byte[] bad = good.bytes.clone();
      int moov = new String(bad, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("moov");
      int from = Math.max(0, moov);
      int end = good.ending.equals(".mp4") ? bad.length : 64;
      int at = from + random.nextInt(end - from - 4);
      ByteBuffer.wrap(bad).putInt(at, numbers[random.nextInt(numbers.length)]);
      reads(good, bad);
    }
  }

  @Property
  void arbitraryBytesBehindAHeadAreReadOrRefused(@ForAll Random random) throws IOException {
    for (Good good : GOOD) {
      byte[] bad = good.bytes.clone();
      int from = 8 + random.nextInt(bad.length - 8);
      byte[] tail = new byte[bad.length - from];
      random.nextBytes(tail);
      System.arraycopy(tail, 0, bad, from, tail.length);
      reads(good, bad);
    }
  }

  private static void reads(Good kind, byte[] bytes) throws IOException {
    Path file = folder.resolve("bad" + kind.ending);
    Files.write(file, bytes);
    int frames = 0;
    try (FrameSource source = VideoReader.open(file, LIMITS, Optional::empty)) {
      byte[] frame = new byte[source.frameBytes()];
      while (source.next(frame)) {
        frames++;
      }
      assertTrue(frames > 0 && frames <= MOST_FRAMES, "frames " + frames);
      assertTrue(source.frameBytes() <= 3L * LIMITS.maxPixels());
    } catch (VideoException e) {
      String said = e.getMessage();
      assertTrue(said.startsWith("[video] " + file + ": "), said);
      assertTrue(said.length() < 2000, said);
      assertEquals(Printable.line(said), said);
    }
  }
}
