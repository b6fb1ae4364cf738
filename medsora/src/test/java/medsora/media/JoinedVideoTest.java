package medsora.media;

import static medsora.media.TestVideos.make;
import static medsora.media.TestVideos.numbers;
import static medsora.media.TestVideos.range;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recordings that were joined to one file: all frames are read, and the seam is seen. */
class JoinedVideoTest {
  @TempDir Path folder;

  private Path file(String name) {
    return folder.resolve(name);
  }

  private Path numbered(String name, int first, int count, String options) throws IOException {
    return TestVideos.mpeg4(file(name), first, count, options);
  }

  @Test
  void joinedRecordingsAreReadToTheEnd() throws IOException {
    byte[] first = Files.readAllBytes(numbered("a.ts", 0, 24, ""));
    byte[] second = Files.readAllBytes(numbered("b.ts", 24, 24, ""));
    Path ts = file("joined.ts");
    Files.write(
        ts, ByteBuffer.allocate(first.length + second.length).put(first).put(second).array());
    assertEquals(range(0, 48), numbers(ts));
    Path mp4 = make("-i", ts, "-c copy", file("joined.mp4"));
    assertEquals(range(0, 48), numbers(mp4));
  }

  /** Two recordings of 2 s; a seam is where the first frame of the second stands, or before it. */
  @Test
  void aSeamOfTransportAndProgramStreamsIsSeen() throws IOException {
    for (String ending : List.of("ts", "mpg", "vob")) {
      byte[] first = Files.readAllBytes(mpeg2("a." + ending, 0));
      byte[] second = Files.readAllBytes(mpeg2("b." + ending, 1));
      Path joined = file("joined-seam." + ending);
      Files.write(
          joined, ByteBuffer.allocate(first.length + second.length).put(first).put(second).array());
      try (FrameSource source = TestVideos.open(joined)) {
        List<Integer> numbers = new ArrayList<>();
        List<Integer> sections = new ArrayList<>();
        byte[] frame = new byte[source.frameBytes()];
        for (int section = source.section(); source.next(frame); section = source.section()) {
          numbers.add(TestVideos.number(frame));
          sections.add(section);
        }
        int seam = numbers.indexOf(1);
        assertTrue(seam >= 49, ending + numbers);
        assertTrue(sections.get(seam) > sections.get(seam - 1), ending + sections);
        assertEquals(1, source.remarks().size(), ending + source.remarks());
      }
    }
  }

  /** Its times go on; a second header is the only sign. */
  @Test
  void aSeamOfAviFilesIsSeen() throws IOException {
    for (String coder : List.of("-bf 0", "-bf 2", "-bf 0 -c:v mjpeg -pix_fmt yuvj420p")) {
      byte[] first = Files.readAllBytes(numbered("a.avi", 0, 20, coder));
      byte[] second = Files.readAllBytes(numbered("b.avi", 30, 9, coder));
      ByteBuffer all = ByteBuffer.allocate(2 * first.length + second.length);
      Path joined = Files.write(file("ab.avi"), all.put(first).put(second).put(first).array());
      try (FrameSource source = TestVideos.open(joined)) {
        byte[] frame = new byte[source.frameBytes()];
        List<List<Integer>> sections = new ArrayList<>();
        for (int section = 0; source.next(frame); section = source.section()) {
          if (section == sections.size()) {
            sections.add(new ArrayList<>());
          }
          sections.get(section).add(TestVideos.number(frame));
        }
        assertEquals(List.of(range(0, 20), range(30, 39), range(0, 20)), sections, coder);
        assertEquals(2, source.remarks().size(), source.remarks().toString());
        assertEquals(
            "another recording begins at frame 20: a new section begins there",
            source.remarks().getFirst());
      }
    }
  }

  /** Players and ffmpeg read the first one. */
  @Test
  void ofAppendedMp4sTheFirstIsReadAndThatIsSaid() throws IOException {
    byte[] one = Files.readAllBytes(numbered("a.mp4", 0, 9, ""));
    byte[] two = Arrays.copyOf(one, 2 * one.length);
    System.arraycopy(one, 0, two, one.length, one.length);
    try (FrameSource source = TestVideos.open(Files.write(file("ab.mp4"), two))) {
      assertEquals(9, TestVideos.frames(source).size());
      assertTrue(
          source.remarks().getFirst().startsWith("another file begins"), "" + source.remarks());
    }
  }

  private Path mpeg2(String name, int number) throws IOException {
    TestVideos.Raw raw =
        TestVideos.raw(
            file("grey.raw"),
            48,
            32,
            50,
            i -> {
              byte[] grey = new byte[48 * 32 * 3];
              Arrays.fill(grey, (byte) (5 * number));
              return grey;
            });
    return make(raw.input("-c:v mpeg2video -bf 2 -q:v 2", file(name)));
  }
}
