package medsora.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.io.Printable;
import engine.testing.Fixtures;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import medsora.phantom.Phantom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Damaged videos of every kind are read or refused by name, and nothing else happens. {@code
 * -Djqwik.tries.default=N} runs more tries of the built-in readers than the usual 100; those that
 * go through the ffmpeg program take two processes each and are fewer.
 */
class VideoFuzzTest {
  private static final ReadLimits LIMITS = new ReadLimits(1 << 20, 1000, 1 << 24, 10);
  private static final int MOST_FRAMES = 1000;

  /** Whole files, by their ending. */
  private record Good(String ending, byte[] bytes) {}

  private static Path folder;
  private static final List<Good> GOOD = new ArrayList<>();
  private static final List<Good> EXTERNAL = new ArrayList<>();

  @BeforeContainer
  static void writeSome() throws IOException {
    folder = Files.createTempDirectory("fuzz");
    Clip video = Phantom.render(1, 0, 5, 24);
    GifWriter.write(folder.resolve("w.gif"), video.at(6));
    PngWriter.strip(folder.resolve("w.png"), video);
    GOOD.clear();
    for (String ending : List.of(".gif", ".png")) {
      GOOD.add(new Good(ending, Files.readAllBytes(folder.resolve("w" + ending))));
    }
    writeForFfmpeg(video);
  }

  /** One of each family of containers, and a stream that changes its frame size. */
  private static void writeForFfmpeg(Clip video) throws IOException {
    EXTERNAL.clear();
    if (FfmpegPlaces.find().isEmpty()) {
      return;
    }
    Path mp4 = folder.resolve("w.mp4");
    Mp4Writer.write(mp4, video.at(6));
    for (String ending : List.of(".mkv", ".ts", ".avi", ".flv")) {
      TestVideos.make("-i", mp4, "-c copy", folder.resolve("w" + ending));
    }
    TestVideos.make("-i", mp4, "-c:v mpeg2video -r 25", folder.resolve("w.mpg"));
    Path small =
        TestVideos.make("-i", mp4, "-c:v mpeg2video -r 25 -s 16x32", folder.resolve("s.mpg"));
    Files.write(folder.resolve("w.mpg"), Files.readAllBytes(small), StandardOpenOption.APPEND);
    for (String ending : List.of(".mp4", ".mkv", ".ts", ".avi", ".flv", ".mpg")) {
      EXTERNAL.add(new Good(ending, Files.readAllBytes(folder.resolve("w" + ending))));
    }
    Path data = Fixtures.testdata().resolve("video");
    EXTERNAL.add(new Good(".mp4", Files.readAllBytes(data.resolve("bframes.mp4"))));
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
      reads(good, cut(good, random));
    }
  }

  @Property
  void flippedBitsAreReadOrRefused(@ForAll Random random) throws IOException {
    for (Good good : GOOD) {
      reads(good, flipped(good, random));
    }
  }

  /** Numbers in headers and tables, rather than somewhere in the pictures. */
  @Property
  void hostileNumbersAreReadOrRefused(@ForAll Random random) throws IOException {
    for (Good good : GOOD) {
      reads(good, withNumber(good, random));
    }
  }

  @Property
  void arbitraryBytesBehindAHeadAreReadOrRefused(@ForAll Random random) throws IOException {
    for (Good good : GOOD) {
      reads(good, withNoise(good, random));
    }
  }

  /** Each kind of damage to each container. */
  @Property(tries = 2)
  void throughFfmpegTooTheyAreReadOrRefused(@ForAll Random random) throws IOException {
    for (Good good : EXTERNAL) {
      reads(good, cut(good, random));
      reads(good, flipped(good, random));
      reads(good, withNumber(good, random));
      reads(good, withNoise(good, random));
    }
  }

  private static byte[] cut(Good good, Random random) {
    return Arrays.copyOf(good.bytes, random.nextInt(good.bytes.length));
  }

  private static byte[] flipped(Good good, Random random) {
    byte[] bad = good.bytes.clone();
    for (int k = random.nextInt(6); k >= 0; k--) {
      bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return bad;
  }

  private static byte[] withNumber(Good good, Random random) {
    int[] numbers = {0, -1, 1, Integer.MAX_VALUE, Integer.MIN_VALUE, 1 << 16, 0xffff, 0x7fff0001};
    byte[] bad = good.bytes.clone();
    int moov = new String(bad, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("moov");
    int from = Math.max(0, moov);
    int end = moov > 0 ? bad.length : Math.min(bad.length, EXTERNAL.contains(good) ? 512 : 64);
    int at = from + random.nextInt(end - from - 4);
    ByteBuffer.wrap(bad).putInt(at, numbers[random.nextInt(numbers.length)]);
    return bad;
  }

  private static byte[] withNoise(Good good, Random random) {
    byte[] bad = good.bytes.clone();
    int from = 8 + random.nextInt(bad.length - 8);
    byte[] tail = new byte[bad.length - from];
    random.nextBytes(tail);
    System.arraycopy(tail, 0, bad, from, tail.length);
    return bad;
  }

  private static void reads(Good kind, byte[] bytes) throws IOException {
    Path file = folder.resolve("bad" + kind.ending);
    Files.write(file, bytes);
    int frames = 0;
    try (FrameSource source = VideoReader.open(file, LIMITS)) {
      byte[] frame = new byte[source.frameBytes()];
      while (source.next(frame)) {
        frames++;
        assertTrue(source.frameBytes() <= 3L * LIMITS.maxPixels());
        frame = new byte[source.frameBytes()];
      }
      assertTrue(frames > 0 && frames <= MOST_FRAMES, "frames " + frames);
      for (String remark : source.remarks()) {
        assertTrue(remark.length() < 2000, remark);
        assertEquals(Printable.line(remark), remark);
      }
    } catch (VideoException e) {
      String said = e.getMessage();
      assertTrue(said.startsWith("[video] " + file + ": "), said);
      assertTrue(said.length() < 2000, said);
      assertEquals(Printable.line(said), said);
    }
  }
}
