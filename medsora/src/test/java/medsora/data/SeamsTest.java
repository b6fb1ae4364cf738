package medsora.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import medsora.data.ClipCutter.Black;
import medsora.data.ClipCutter.Format;
import medsora.media.Clip;
import medsora.media.GifWriter;
import medsora.media.PngWriter;
import medsora.media.ReadOptions;
import medsora.media.VideoReader;
import medsora.phantom.Phantom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No clip runs across a seam or holds a black frame, and what is left out is said. */
class SeamsTest {
  private static final int SIZE = 16;

  @TempDir Path folder;

  private static ClipCutter.Options options(int frames, int stride, Black black) {
    return new ClipCutter.Options(
        frames, stride, SIZE, Format.STRIP, 0, 0, black, ReadOptions.DEFAULT);
  }

  /** Frame k has the value k in every byte. */
  private static List<byte[]> numbered(int from, int count) {
    List<byte[]> frames = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] frame = new byte[3 * SIZE * SIZE];
      Arrays.fill(frame, (byte) (from + i));
      frames.add(frame);
    }
    return frames;
  }

  private static void write(Path folder, String form, int from, List<byte[]> frames)
      throws IOException {
    for (int i = 0; i < frames.size(); i++) {
      PngWriter.write(folder.resolve(form.formatted(from + i)), frames.get(i), SIZE, SIZE);
    }
  }

  /** 51 frames, of which 8 to 16 and 30 to 33 are black but for a mark of less than 2 in 100. */
  private static Clip blackout() {
    List<byte[]> frames = numbered(60, 51);
    for (int i = 0; i < 51; i++) {
      if ((i >= 8 && i <= 16) || (i >= 30 && i <= 33)) {
        Arrays.fill(frames.get(i), (byte) 16);
        Arrays.fill(frames.get(i), 30, 42, (byte) 255);
      }
    }
    return Clip.of("blackout", SIZE, SIZE, frames);
  }

  @Test
  void noClipHoldsABlackFrame() throws IOException {
    PngWriter.strip(folder.resolve("in/blackout.png"), blackout());
    ClipCutter.Report report =
        ClipCutter.cut(
            folder.resolve("in"), folder.resolve("a"), options(17, 1, Black.DROP), line -> {});
    assertEquals(13, report.black());
    assertEquals(List.of(34L), report.kept().stream().map(ClipCutter.Cut::firstFrame).toList());
    assertEquals(
        List.of(
            "blackout.png from frame 0: too short: 8 frames, a clip spans 17",
            "blackout.png from frame 8: black: 9 frames",
            "blackout.png from frame 17: too short: 13 frames, a clip spans 17",
            "blackout.png from frame 30: black: 4 frames"),
        report.dropped().stream().map(d -> d.what() + ": " + d.reason()).toList());
    Clip clip = VideoReader.read(folder.resolve("a").resolve(report.kept().getFirst().clip()));
    assertArrayEquals(numbered(94, 17).getLast(), clip.frames().getLast());

    ClipCutter.Report all =
        ClipCutter.cut(
            folder.resolve("in"), folder.resolve("b"), options(17, 1, Black.KEEP), line -> {});
    assertEquals(3, all.kept().size());
    assertEquals(0, all.black());
  }

  /** Frames between those taken are seams too: the picture may be another one after them. */
  @Test
  void aBlackFrameThatIsNotTakenEndsAClip() throws IOException {
    List<byte[]> frames = numbered(60, 20);
    Arrays.fill(frames.get(10), (byte) 0);
    PngWriter.strip(folder.resolve("in/x.png"), Clip.of("x", SIZE, SIZE, frames));
    ClipCutter.Report report =
        ClipCutter.cut(
            folder.resolve("in"), folder.resolve("a"), options(3, 3, Black.DROP), line -> {});
    assertEquals(List.of(0L, 11L), report.kept().stream().map(ClipCutter.Cut::firstFrame).toList());
  }

  @Test
  void blackIsWhatHasNothingToSee() {
    byte[] frame = new byte[300];
    assertTrue(BlackFrames.isBlack(frame));
    Arrays.fill(frame, (byte) 25);
    assertTrue(BlackFrames.isBlack(frame));
    frame[0] = 26;
    frame[299] = (byte) 255;
    assertTrue(BlackFrames.isBlack(frame), "two pixels of a hundred");
    frame[100] = 26;
    assertFalse(BlackFrames.isBlack(frame), "three pixels of a hundred");
  }

  @Test
  void clipsAreCutOutOfEachSectionOnItsOwn() throws IOException {
    Path study = folder.resolve("in/study");
    write(study, "a%03d.png", 0, numbered(60, 12));
    write(study, "a%03d.png", 200, numbered(80, 12));
    write(study, "b%03d.png", 0, numbered(100, 4));
    List<String> said = new ArrayList<>();
    ClipCutter.Report report =
        ClipCutter.cut(
            folder.resolve("in"), folder.resolve("out"), options(5, 1, Black.DROP), said::add);
    assertEquals(
        List.of(0L, 5L, 12L, 17L), report.kept().stream().map(ClipCutter.Cut::firstFrame).toList());
    assertEquals(
        List.of(
            "study from frame 10: rest too short for a clip",
            "study from frame 22: rest too short for a clip",
            "study from frame 24: too short: 4 frames, a clip spans 5"),
        report.dropped().stream().map(d -> d.what() + ": " + d.reason()).toList());
    assertEquals("study: 4 clips", said.getFirst());
    assertTrue(
        said.get(1).startsWith("study: 3 parts by names, numbers and sizes, which no"),
        said.get(1));
    for (ClipCutter.Cut cut : report.kept()) {
      List<byte[]> frames = VideoReader.read(folder.resolve("out").resolve(cut.clip())).frames();
      assertEquals(4, frames.getLast()[0] - frames.getFirst()[0], cut.clip());
    }
  }

  private ClipDataset dataset(long cache) throws IOException {
    ClipSampler five = new ClipSampler(Sampling.PAPER, 5);
    return ClipDataset.open(
        folder.resolve("in"), new ClipDataset.Options(SIZE, five, 0, cache, ReadOptions.DEFAULT));
  }

  @Test
  void trainingTakesEveryClipOutOfOneSection() throws IOException {
    Path study = folder.resolve("in/study");
    write(study, "a%03d.png", 0, numbered(60, 8));
    write(study, "b%03d.png", 0, numbered(75, 3));
    write(study, "c%03d.png", 0, numbered(80, 6));
    ClipDataset cached = dataset(1 << 20);
    ClipDataset streamed = dataset(0);
    assertEquals(cached.sha256(), streamed.sha256());
    assertEquals(14, cached.train().frames());
    // Steps of one: 8 - 4 beginnings in the first, 6 - 4 in the last, none in the second.
    assertEquals(6, cached.train().begins(0));
    int[] firsts = {60, 61, 62, 63, 80, 81};
    for (int begin = 0; begin < 6; begin++) {
      List<byte[]> frames = cached.train().clip(0, begin).frames();
      for (int k = 0; k < 5; k++) {
        assertEquals(firsts[begin] + k, frames.get(k)[0]);
        assertArrayEquals(frames.get(k), streamed.train().clip(0, begin).frames().get(k));
      }
    }
    int[] images = {7, 8, 13};
    assertArrayEquals(
        cached.train().images(images).values(), streamed.train().images(images).values());
    assertEquals(80, streamed.train().images(images).frames().get(1)[0]);
    String report = String.join("\n", cached.report());
    assertTrue(report.contains("[data] study: 14 frames 16x16, spacing 1.0, in 2 parts"), report);
    assertTrue(report.contains("[data] study: 1 of 3 parts are too short for a clip"), report);
    assertEquals(0, cached.dropped().size());
  }

  /** The hash is of what is learned from: equal frames in other sections make other clips. */
  @Test
  void seamsAreInTheHashAndTheirAbsenceIsNot() throws IOException {
    write(folder.resolve("in/study"), "%d.png", 0, numbered(60, 12));
    String whole = dataset(1 << 20).sha256();
    ClipSampler five = new ClipSampler(Sampling.PAPER, 5);
    Clip same = Clip.of("study", SIZE, SIZE, numbered(60, 12));
    assertEquals(
        ClipDataset.of(
                List.of(same), new ClipDataset.Options(SIZE, five, 0, 0, ReadOptions.DEFAULT))
            .sha256(),
        whole);
    for (int i = 6; i < 12; i++) {
      Path file = folder.resolve("in/study/" + i + ".png");
      Files.move(file, folder.resolve("in/study/" + (i + 50) + ".png"));
    }
    assertNotEquals(whole, dataset(1 << 20).sha256());
  }

  @Test
  void whatIsTooShortIsSaidOnce() throws IOException {
    write(folder.resolve("in/stills"), "%d.png", 0, numbered(60, 2));
    write(folder.resolve("in/stills"), "%d.png", 50, numbered(90, 3));
    write(folder.resolve("in/video"), "%d.png", 0, numbered(60, 9));
    ClipCutter.Report report =
        ClipCutter.cut(
            folder.resolve("in"), folder.resolve("out"), options(9, 1, Black.DROP), line -> {});
    assertEquals(
        "[Dropped[what=stills, reason=too short: 5 frames, the longest part 3, a clip spans 9]]",
        "" + report.dropped());
    assertEquals(
        "[Dropped[what=stills (0.png, 1.png, 50.png, ...), reason=too short: 3 frames, a clip"
            + " wants 5]]",
        "" + dataset(0).dropped());
  }

  /** One rule for a recording that was cut off: its clips are kept, and it is not dropped. */
  @Test
  void clipsOfACutRecordingAreKept() throws IOException {
    Path gif = Files.createDirectories(folder.resolve("in")).resolve("cut.gif");
    GifWriter.write(gif, Phantom.render(1, 3, 30, SIZE).at(10));
    byte[] whole = Files.readAllBytes(gif);
    Files.write(gif, Arrays.copyOf(whole, whole.length / 2));
    List<String> said = new ArrayList<>();
    ClipCutter.Report report =
        ClipCutter.cut(
            folder.resolve("in"), folder.resolve("out"), options(5, 1, Black.DROP), said::add);
    assertTrue(report.kept().size() >= 2, "" + report);
    String remark = said.get(1);
    assertTrue(
        remark.matches("cut\\.gif: cut off or damaged: 1\\d frames can be decoded; damaged .*"),
        remark);
    assertTrue(
        report.dropped().stream().allMatch(d -> d.reason().equals("rest too short for a clip")));
    ClipDataset set = dataset(1 << 20);
    assertEquals(0, set.dropped().size());
    assertTrue(set.report().contains("[data] " + remark), "" + set.report());
    assertArrayEquals(set.train().clip(0, 1).values(), dataset(0).train().clip(0, 1).values());
  }

  /** Nothing that a file says beside its pixels is in what is written. */
  @Test
  void commentsAndExifAreNotCopied() throws IOException {
    Path in = Files.createDirectories(folder.resolve("in/study"));
    for (int i = 0; i < 6; i++) {
      Path file = in.resolve(i + ".png");
      PngWriter.write(file, numbered(60 + 20 * i, 1).getFirst(), SIZE, SIZE);
      Files.write(file, Named.png(Files.readAllBytes(file)));
    }
    for (Format format : Format.values()) {
      Path out = folder.resolve("out" + format);
      ClipCutter.Options cut =
          new ClipCutter.Options(5, 1, SIZE, format, 0, 0, Black.DROP, ReadOptions.DEFAULT);
      ClipCutter.cut(folder.resolve("in"), out, cut, line -> {});
      try (Stream<Path> files = Files.walk(out)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          String text = Files.readString(file, StandardCharsets.ISO_8859_1);
          assertFalse(text.contains(Named.PERSON), file.toString());
        }
      }
    }
  }

  @Test
  void labelsOfAListAreThoseOfItsClips() throws IOException {
    Path in = folder.resolve("in");
    for (String name : List.of("a.png", "b.png")) {
      int from = name.equals("a.png") ? 60 : 90;
      PngWriter.strip(in.resolve(name), Clip.of(name, SIZE, SIZE, numbered(from, 12)));
    }
    Files.writeString(
        in.resolve("clips.tsv"),
        "clip\tsource\tfirst_frame\tlabel\tsplit\na.png\tv.mp4\t0\tpolyp\ttest\n"
            + "b.png\tw.mp4\t0\t\ttrain\n");
    Path out = folder.resolve("out");
    ClipCutter.cut(in, out, options(5, 1, Black.DROP), line -> {});
    assertEquals(
        List.of(
            "clip\tsource\tfirst_frame\tstride\tframes\tlabel\tsplit",
            "a-0000.png\ta.png\t0\t1\t5\tpolyp\ttest",
            "a-0001.png\ta.png\t5\t1\t5\tpolyp\ttest",
            "b-0000.png\tb.png\t0\t1\t5\t\ttrain",
            "b-0001.png\tb.png\t5\t1\t5\t\ttrain"),
        Files.readAllLines(out.resolve("clips.tsv")));
  }
}
