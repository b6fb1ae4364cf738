package medsora.media;

import static medsora.media.TestVideos.make;
import static medsora.media.TestVideos.numbers;
import static medsora.media.TestVideos.range;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Videos of which frames are missing, and such as only their names tell. */
class LostFramesTest {
  @TempDir Path folder;

  @Test
  void aY4mThatEndsWithinAFrameIsCalledCut() throws IOException {
    TestVideos.Raw raw = TestVideos.numbered(folder.resolve("in.raw"), 46, 30, 0, 5);
    for (String format : List.of("yuv420p", "yuv411p", "yuv422p10", "yuv444p", "gray")) {
      Path video = make(raw.input("-strict -1 -pix_fmt " + format, folder.resolve("a.y4m")));
      byte[] whole = Files.readAllBytes(video);
      try (FrameSource source = TestVideos.open(video)) {
        assertEquals(5, TestVideos.frames(source).size(), format);
        assertEquals(List.of(), source.remarks(), format);
      }
      Files.write(video, Arrays.copyOf(whole, whole.length - 9));
      try (FrameSource source = TestVideos.open(video)) {
        TestVideos.frames(source);
        String said = source.remarks().toString();
        assertTrue(said.contains("cut off or damaged: 4 frames"), format + said);
        assertTrue(said.contains("the file ends within a frame"), format + said);
      }
    }
  }

  /** Every frame has its time, and two of them are overwritten. */
  @Test
  void aHoleInAVideoIsASeam() throws IOException {
    TestVideos.Raw raw = TestVideos.numbered(folder.resolve("in.raw"), 48, 32, 0, 30);
    Path video = make(raw.input("-c:v mjpeg -pix_fmt yuvj420p", folder.resolve("a.mp4")));
    assertEquals(range(0, 30), numbers(video));
    byte[] bytes = Files.readAllBytes(video);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int at = -1;
    for (int frame = 0; frame < 12; frame++) {
      at = text.indexOf("\u00ff\u00d8\u00ff", at + 1);
      if (frame >= 10) {
        Arrays.fill(bytes, at, text.indexOf("\u00ff\u00d9", at), (byte) 0);
      }
    }
    Files.write(video, bytes);
    try (FrameSource source = TestVideos.open(video)) {
      byte[] frame = new byte[source.frameBytes()];
      List<Integer> first = new ArrayList<>();
      List<Integer> second = new ArrayList<>();
      for (int section = 0; source.next(frame); section = source.section()) {
        (section == 0 ? first : second).add(TestVideos.number(frame));
      }
      assertEquals(range(0, 10), first);
      assertEquals(range(12, 30), second);
      String said = source.remarks().toString();
      assertTrue(said.contains("frames are missing before frame 10: a new section"), said);
    }
  }

  @Test
  void bareStreamsAreReadByTheirEndings() throws IOException {
    TestVideos.Raw raw = TestVideos.numbered(folder.resolve("in.raw"), 176, 144, 0, 9);
    Map<String, String> wanted =
        Map.of(
            "a.mjpeg", "-pix_fmt yuvj420p",
            "b.mjpg", "-pix_fmt yuvj420p -f mjpeg",
            "c.h263", "-c:v h263",
            "d.h261", "-c:v h261",
            "e.swf", "-c:v flv",
            "f.mp4v", "-c:v mpeg4 -f m4v",
            "g.ismv", "-c:v mpeg4 -f ismv");
    for (Map.Entry<String, String> one : wanted.entrySet()) {
      Path video = make(raw.input(one.getValue(), folder.resolve(one.getKey())));
      try (FrameSource source = TestVideos.open(video)) {
        List<byte[]> frames = TestVideos.frames(source);
        assertEquals(range(0, 9), frames.stream().map(TestVideos::number).toList(), one.getKey());
        String said = source.remarks().toString();
        assertTrue(!said.contains("cut off"), one.getKey() + said);
      }
    }
    assertEquals(wanted.size(), VideoFolder.list(folder).videos().size());
  }
}
