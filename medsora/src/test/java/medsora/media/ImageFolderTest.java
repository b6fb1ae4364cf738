package medsora.media;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which pictures of a folder are frames, and which of them follow each other. */
class ImageFolderTest {
  @TempDir Path folder;

  private static List<List<String>> parts(String... names) {
    return FrameSequences.parts(
            IntStream.range(0, names.length).mapToObj(i -> Path.of(names[i])).toList())
        .stream()
        .map(part -> part.stream().map(Path::toString).toList())
        .toList();
  }

  @Test
  void namesSayWhatFollowsWhat() {
    assertEquals(
        List.of(List.of("f8.png", "f9.png", "f10.png")), parts("f10.png", "f9.png", "f8.png"));
    assertEquals(
        List.of(List.of("a1.png", "a2.png"), List.of("b1.png", "b2.png")),
        parts("b2.png", "a2.png", "a1.png", "b1.png"));
    assertEquals(
        List.of(List.of("p1_f1.png", "p1_f2.png"), List.of("p2_f1.png", "p2_f2.png")),
        parts("p2_f1.png", "p1_f2.png", "p1_f1.png", "p2_f2.png"));
    // What follows the counter counts for nothing: a time, a version.
    assertEquals(
        List.of(List.of("f1_t33_v2.png", "f2_t67_v2.png", "f3_t100_v2.png")),
        parts("f1_t33_v2.png", "f2_t67_v2.png", "f3_t100_v2.png"));
    // A video that every fifth frame was taken of.
    assertEquals(
        List.of(List.of("0.png", "5.png", "10.png"), List.of("20.png", "25.png")),
        parts("0.png", "5.png", "10.png", "20.png", "25.png"));
    assertEquals(
        List.of(List.of("1.png", "2.png"), List.of("4.png", "5.png", "6.png")),
        parts("1.png", "2.png", "4.png", "5.png", "6.png"));
    assertEquals(
        List.of(List.of("left.png", "right.png"), List.of("x1.png")),
        parts("x1.png", "right.png", "left.png"));
    assertEquals(
        List.of(List.of("1.JPG", "2.jpeg", "3.jpg"), List.of("1.png", "2.png")),
        parts("1.JPG", "2.jpeg", "3.jpg", "1.png", "2.png"));
    assertEquals(
        List.of(List.of("01.png"), List.of("1.png")), parts("1.png", "01.png"), "one number twice");
    // Numbers of this length are no counters, such as the last one of a UID.
    String uid = "1234567890123456789012";
    assertEquals(
        List.of(List.of(uid + "_1.png", uid + "_2.png")), parts(uid + "_2.png", uid + "_1.png"));
  }

  private Path picture(String name, int width, int value) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    VideoReaderTest.picture(file, width, 4, value);
    return file;
  }

  private record Seen(int section, int width, int value) {}

  private static List<Seen> seen(FrameCursor frames) throws IOException {
    List<Seen> seen = new ArrayList<>();
    while (frames.next()) {
      seen.add(new Seen(frames.section(), frames.width(), frames.rgb()[0]));
    }
    return seen;
  }

  @Test
  void aSectionEndsWhereNamesNumbersOrSizesDo() throws IOException {
    for (int i = 0; i < 3; i++) {
      picture("a%d.png".formatted(i), 6, i);
      picture("a%d.png".formatted(i + 9), i == 2 ? 8 : 6, i + 9);
      picture("b%d.png".formatted(i), 6, i + 20);
    }
    try (FrameSource source = VideoReader.open(folder)) {
      FrameCursor frames = new FrameCursor(source);
      List<Seen> wanted = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        wanted.add(new Seen(0, 6, i));
      }
      wanted.addAll(List.of(new Seen(1, 6, 9), new Seen(1, 6, 10), new Seen(2, 8, 11)));
      for (int i = 0; i < 3; i++) {
        wanted.add(new Seen(3, 6, i + 20));
      }
      assertEquals(wanted, seen(frames));
      assertEquals(
          List.of(
              "4 parts by names, numbers and sizes, which no clip joins: a0.png to a2.png (3);"
                  + " a9.png to a10.png (2); a11.png to a11.png (1); b0.png to b2.png (3)"),
          frames.remarks());
    }
  }

  @Test
  void aPictureThatCannotBeReadIsLeftOutAndIsASeam() throws IOException {
    for (int i = 0; i < 5; i++) {
      picture("%d.png".formatted(i), 6, i);
    }
    Files.writeString(folder.resolve("2.png"), "no picture");
    try (FrameSource source = VideoReader.open(folder)) {
      FrameCursor frames = new FrameCursor(source);
      assertEquals(
          List.of(new Seen(0, 6, 0), new Seen(0, 6, 1), new Seen(1, 6, 3), new Seen(1, 6, 4)),
          seen(frames));
      String remark = frames.remarks().getFirst();
      assertTrue(
          remark.startsWith("1 of 5 pictures left out, since they cannot be read: 2.png: is not a"),
          remark);
    }
    for (int i = 0; i < 5; i++) {
      Files.writeString(folder.resolve("%d.png".formatted(i)), "no picture");
    }
    String said = assertThrows(IOException.class, () -> VideoReader.open(folder)).getMessage();
    assertTrue(
        said.contains("none of its 5 pictures can be read: 0.png and 4 more: is not a"), said);
    assertEquals(said.indexOf("is not a"), said.lastIndexOf("is not a"), said);
  }

  @Test
  void aCoverBesideVideosIsNoVideo() throws IOException {
    Files.write(folder.resolve("clip.mp4"), new byte[1]);
    Files.write(folder.resolve("contact.png"), new byte[1]);
    Path frames = Files.createDirectory(folder.resolve("frames"));
    Files.write(frames.resolve("one.png"), new byte[1]);
    VideoFolder found = VideoFolder.list(folder);
    assertEquals(List.of(folder.resolve("clip.mp4"), frames), found.videos());
    assertEquals(
        List.of(new VideoFolder.Dropped("contact.png", "a single picture beside videos")),
        found.ignored());
  }

  @Test
  void picturesThatAreNotReadAreSaidOnceAFolder() throws IOException {
    for (String name : List.of("a.jp2", "b.jp2", "c.HEIC")) {
      Files.write(folder.resolve(name), new byte[] {1, 2, 3, 4});
    }
    assertEquals(
        List.of(
            new VideoFolder.Dropped("a.jp2", "3 pictures, of a kind that is not read (heic, jp2)")),
        VideoFolder.list(folder).ignored());
  }

  @Test
  void masksBesideFramesAreLeftOutAndSaid() throws IOException {
    for (int i = 1; i < 4; i++) {
      picture("study/frame_%d_endo.png".formatted(i), 6, i);
      picture("study/frame_%d_endo_color_mask.png".formatted(i), 6, 90);
      picture("study/frame_%d_endo.SEG.png".formatted(i), 3, 91);
      picture("images/%d.png".formatted(i), 6, i);
      picture("masks/%d.png".formatted(i), 6, 92);
      picture("only/seg_%d.png".formatted(i), 6, i);
    }
    VideoFolder list = VideoFolder.list(folder);
    assertEquals(
        List.of("images", "only", "study"), list.videos().stream().map(list::name).toList());
    assertEquals(
        "[Dropped[what=masks, reason=masks or labels by its name, beside pictures: 3 pictures],"
            + " Dropped[what=study/frame_1_endo.SEG.png, reason=mask or label by its name, beside"
            + " frames: 6 pictures]]",
        "" + list.ignored());
    for (Path video : list.videos()) {
      try (FrameSource source = VideoReader.open(video)) {
        assertEquals(
            List.of(new Seen(0, 6, 1), new Seen(0, 6, 2), new Seen(0, 6, 3)),
            seen(new FrameCursor(source)));
      }
    }
    // Given by itself it is what was asked for.
    assertEquals(1, VideoFolder.list(folder.resolve("masks")).videos().size());
  }

  @Test
  void stripsAreThoseThatAreMarked() throws IOException {
    List<byte[]> frames = List.of(new byte[12], new byte[12], new byte[12]);
    PngWriter.strip(folder.resolve("new/marked.png"), Clip.of("x", 2, 2, frames));
    // 4x8, as two frames below each other would be.
    for (String name : List.of("new/frame1.png", "new/frame2.png", "old/listed.png")) {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      VideoReaderTest.picture(file, 4, 8, 7);
    }
    VideoReaderTest.picture(folder.resolve("old/beside.png"), 4, 8, 9);
    Files.writeString(
        folder.resolve("old/clips.tsv"),
        "clip\tsource\tfirst_frame\tstride\tframes\nlisted.png\tv.mp4\t0\t1\t2\n");
    VideoFolder list = VideoFolder.list(folder);
    assertEquals(
        List.of("new", "new/marked.png", "old/listed.png"),
        list.videos().stream().map(list::name).toList());
    // Such as the sheet of all clips that stands beside strips.
    assertEquals(
        "[Dropped[what=old/beside.png, reason=a single picture beside videos]]",
        "" + list.ignored());
    assertEquals(2, VideoReader.read(folder.resolve("new")).length());
    assertEquals(8, VideoReader.read(folder.resolve("new")).height());
    assertEquals(3, VideoReader.read(folder.resolve("new/marked.png")).length());
    assertEquals(1, VideoReader.read(folder.resolve("old")).length());
    Clip listed = VideoReader.read(folder.resolve("old/listed.png"));
    assertEquals(2, listed.length());
    assertArrayEquals(new int[] {4, 4}, new int[] {listed.width(), listed.height()});
    ReadOptions strips = new ReadOptions(ReadLimits.DEFAULT, true);
    assertEquals(5, VideoFolder.list(folder, strips).videos().size());
  }
}
