package medsora.metric.protocol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import medsora.media.Clip;
import medsora.media.PngWriter;
import medsora.metric.protocol.ClipRule.Begin;
import medsora.metric.protocol.ClipRule.Which;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClipSetTest {
  private static final ClipRule RULE = new ClipRule(3, 2, 10, Which.FIRST, Begin.UNIFORM);

  @TempDir Path folder;

  /** Frame t of video v is all of the byte 20 v + t. */
  private Path video(String set, int video, int frames, int size) throws IOException {
    for (int t = 0; t < frames; t++) {
      byte[] frame = new byte[3 * size * size];
      java.util.Arrays.fill(frame, (byte) (20 * video + t));
      Path file = folder.resolve(set).resolve("v" + video).resolve("%03d.png".formatted(t));
      PngWriter.write(file, frame, size, size);
    }
    return folder.resolve(set);
  }

  private ClipSet open(Path set, boolean strict) throws IOException {
    return ClipSet.open("real", set, RULE, Loading.AS_THEY_ARE, strict, 1);
  }

  private static void assertRefused(String words, Exception e) {
    assertTrue(e.getMessage().contains(words), e.getMessage());
  }

  @Test
  void givesTheDrawnFramesAndTheSameOnesAgain() throws IOException {
    video("real", 1, 9, 8);
    video("real", 2, 6, 8);
    Path real = video("real", 3, 5, 8);
    ClipSet set = open(real, false);
    assertEquals(2, set.count());
    assertEquals(15, set.frames());
    assertEquals("v3", set.dropped().getFirst().what());
    List<Clip> clips = new ArrayList<>();
    set.clips((number, clip) -> clips.add(clip));
    for (int i = 0; i < 2; i++) {
      int begin = Integer.parseInt(set.name(i).replaceAll(".* ", ""));
      for (int t = 0; t < 3; t++) {
        int wanted = 20 * (i + 1) + begin + 2 * t;
        assertEquals(wanted, clips.get(i).frames().get(t)[0]);
      }
      assertEquals(ClipHash.of(clips.get(i)), ClipHash.of(set.clip(i)));
    }
    List<Byte> singles = new ArrayList<>();
    set.frames(11, (number, frame) -> singles.add(frame.frames().getFirst()[0]));
    assertEquals(11, singles.size());
    assertEquals((byte) 41, singles.getLast());
  }

  @Test
  void aShortGeneratedVideoIsAnError() throws IOException {
    video("generated", 1, 9, 8);
    Path set = video("generated", 2, 5, 8);
    assertRefused(
        "too short: 5 frames, 6 are wanted",
        assertThrows(IOException.class, () -> open(set, true)));
  }

  /** A picture of another size, and one that is missing, are no shortness. */
  @Test
  void framesThatDoNotGoOnAreToldByTheReason() throws IOException {
    video("real", 1, 9, 8);
    video("real", 2, 9, 8);
    video("real", 3, 9, 8);
    Path real = video("real", 4, 9, 8);
    PngWriter.write(real.resolve("v1/004.png"), new byte[3 * 10 * 8], 10, 8);
    PngWriter.write(real.resolve("v2/007.png"), new byte[3 * 8 * 10], 8, 10);
    Files.delete(real.resolve("v3/002.png"));
    video("real", 5, 6, 8);
    ClipSet set = open(real, false);
    assertEquals(
        List.of(
            "v1: only 4 frames go together, 6 are wanted: the next one is 8x10, those before it 8x8",
            "v2 after frame 7: the next one is 10x8, those before it 8x8",
            "v3: only 2 frames go together, 6 are wanted: the next one does not follow it: names or"
                + " times have a gap, or recordings are joined"),
        set.dropped().stream().map(d -> d.what() + ": " + d.reason()).toList());
    assertEquals(List.of(7, 9, 6), set.lengths());
    assertRefused(
        "v1: only 4 frames go together", assertThrows(IOException.class, () -> open(real, true)));
  }

  @Test
  void tooFewClipsAndOtherSizesAreErrors() throws IOException {
    Path one = video("one", 1, 9, 8);
    assertRefused(
        "1 usable clip, two are the least",
        assertThrows(IOException.class, () -> open(one, false)));
    video("mixed", 1, 9, 8);
    Path mixed = video("mixed", 2, 9, 10);
    assertRefused("is 10x10, v1 is 8x8", assertThrows(IOException.class, () -> open(mixed, false)));
  }

  @Test
  void setsOfOneFolderOrOfTwoSizesAreNotCompared() throws IOException {
    video("a/real", 1, 9, 8);
    Path inner = video("a/real", 2, 9, 8);
    video("b", 1, 9, 10);
    Path other = video("b", 2, 9, 10);
    ClipSet real = open(inner, false);
    ClipSet outer = open(folder.resolve("a"), false);
    assertRefused(
        "share a folder",
        assertThrows(IllegalArgumentException.class, () -> real.requireComparable(outer)));
    ClipSet larger = open(other, false);
    assertRefused(
        "are 8x8",
        assertThrows(IllegalArgumentException.class, () -> real.requireComparable(larger)));
  }

  @Test
  void aProtocolThatResizesTakesAllSizes() throws IOException {
    video("mixed", 1, 6, 16);
    Path mixed = video("mixed", 2, 6, 24);
    Path other = video("other", 1, 6, 8);
    video("other", 2, 6, 8);
    ClipSet set = ClipSet.open("real", mixed, RULE, Loading.SQUARE_128, false, 1);
    set.requireComparable(ClipSet.open("generated", other, RULE, Loading.SQUARE_128, true, 1));
    assertEquals(128, set.height());
    assertEquals(128, set.clip(1).width());
    assertEquals((byte) 41, set.clip(1).frames().getFirst()[0], 1);
    set.frames(12, (number, frame) -> frame.height() == 128);
  }

  /** A loader leaves frames of its own size as they are, bit for bit. */
  @Test
  void loadersBringFramesTo128() {
    byte[] frame = new byte[3 * 128 * 128];
    for (int i = 0; i < frame.length; i++) {
      frame[i] = (byte) (i * 7);
    }
    Clip same = Clip.of("same", 128, 128, List.of(frame));
    byte[] grey = new byte[3 * 96 * 64];
    java.util.Arrays.fill(grey, (byte) 200);
    Clip other = Clip.of("other", 96, 64, List.of(grey));
    for (Loading loading : List.of(Loading.SQUARE_128, Loading.CROP_128)) {
      assertArrayEquals(frame, loading.applied(same).frames().getFirst());
      Clip resized = loading.applied(other);
      assertEquals(128, resized.width());
      assertEquals(128, resized.height());
      assertEquals((byte) 200, resized.frames().getFirst()[3 * 128 * 64 + 100], 1);
    }
    assertEquals(other, Loading.AS_THEY_ARE.applied(other));
  }
}
