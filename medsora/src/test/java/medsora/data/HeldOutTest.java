package medsora.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.testing.SplitMix;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import medsora.data.ClipDataset.Split;
import medsora.data.HeldOut.Member;
import medsora.media.Clip;
import medsora.media.PngWriter;
import medsora.media.ReadOptions;
import medsora.phantom.Phantom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeldOutTest {
  private static final String HEADER = "clip\tsource\tfirst_frame\tstride\tframes\n";

  @TempDir Path folder;

  /** Clips of 5 frames, as many as asked for, of sources named a, b, c and so on. */
  private Path prepared(ClipCutter.Format format, int... clipsOfSource) throws IOException {
    Path in = folder.resolve("in" + format);
    for (int s = 0; s < clipsOfSource.length; s++) {
      Clip video = Phantom.render(1, s, 5 * clipsOfSource[s], 20);
      PngWriter.strip(in.resolve((char) ('a' + s) + ".png"), video);
    }
    Path out = folder.resolve("out" + format);
    ClipCutter.Options options =
        new ClipCutter.Options(5, 1, 16, format, 0, 0, ClipCutter.Black.DROP, ReadOptions.DEFAULT);
    ClipCutter.cut(in, out, options, line -> {});
    return out;
  }

  private static ClipDataset open(Path path, double heldOut) throws IOException {
    ClipSampler five = new ClipSampler(Sampling.PAPER, 5);
    return ClipDataset.open(
        path, new ClipDataset.Options(16, five, heldOut, 1 << 30, ReadOptions.DEFAULT));
  }

  /** Names are a-0000.png: the source comes before the dash. */
  private static Set<String> sources(Split split) {
    Set<String> all = new TreeSet<>();
    for (int i = 0; i < split.videos(); i++) {
      String name = split.entry(i).name();
      all.add(name.substring(name.lastIndexOf('/') + 1, name.lastIndexOf('-')));
    }
    return all;
  }

  private static List<String> names(Split split) {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < split.videos(); i++) {
      all.add(split.entry(i).name());
    }
    return all;
  }

  @Test
  void wholeSourcesAreHeldOutInEveryFormat() throws IOException {
    for (ClipCutter.Format format : ClipCutter.Format.values()) {
      Path out = prepared(format, 4, 2, 3);
      ClipDataset set = open(out, 0.3);
      assertEquals(Set.of("b"), sources(set.heldOut()));
      assertEquals(Set.of("a", "c"), sources(set.train()));
      assertEquals(List.of(), set.dropped());
      String report = String.join("\n", set.report());
      assertTrue(
          report.contains("clips come from 3 sources; 1 of them held out whole (2 of 9 clips)"),
          report);
      assertEquals(names(set.heldOut()), names(open(out, 0.3).heldOut()));
      assertEquals(0, open(out, 0).heldOut().videos());
    }
  }

  @Test
  void listsBelowTheFolderCountToo() throws IOException {
    prepared(ClipCutter.Format.STRIP, 4, 2);
    prepared(ClipCutter.Format.MP4, 4, 3);
    for (String in : List.of("inSTRIP", "inMP4")) {
      for (String video : List.of("a.png", "b.png")) {
        Files.delete(folder.resolve(in).resolve(video));
      }
    }
    ClipDataset set = open(folder, 0.2);
    assertEquals(List.of("outSTRIP/b-0000.png", "outSTRIP/b-0001.png"), names(set.heldOut()));
    assertEquals(11, set.train().videos());
  }

  @Test
  void oneSourceGivesItsLastClipsInTimeAndSaysSo() throws IOException {
    Path out = prepared(ClipCutter.Format.STRIP, 10);
    ClipDataset set = open(out, 0.2);
    assertEquals(List.of("a-0008.png", "a-0009.png"), names(set.heldOut()));
    String report = String.join("\n", set.report());
    assertTrue(report.contains("all 10 clips come from one source; its last 2 in time"), report);
    List<Member> shuffled =
        List.of(new Member("s", 50), new Member("s", 90), new Member("s", 0), new Member("s", 70));
    assertArrayEquals(
        new boolean[] {false, true, false, false}, HeldOut.choose(shuffled, 0.25).out());
  }

  @Test
  void aSourceIsNeverOnBothSidesAndNeitherSideIsEmpty() {
    for (long seed = 0; seed < 300; seed++) {
      int sources = 2 + (int) (SplitMix.unit(seed, 0) * 6);
      List<Member> members = new ArrayList<>();
      for (int s = 0; s < sources; s++) {
        int clips = 1 + (int) (SplitMix.unit(seed, 1 + s) * 9);
        for (int c = 0; c < clips; c++) {
          members.add(new Member("s" + s, c));
        }
      }
      for (double share : new double[] {0.01, 0.1, 0.5, 0.99}) {
        boolean[] out = HeldOut.choose(members, share).out();
        Set<String> held = new TreeSet<>();
        Set<String> train = new TreeSet<>();
        for (int i = 0; i < out.length; i++) {
          (out[i] ? held : train).add(members.get(i).source());
        }
        assertTrue(!held.isEmpty() && !train.isEmpty(), seed + " " + share);
        assertEquals(sources, held.size() + train.size(), seed + " " + share);
      }
    }
  }

  @Test
  void videosInNoListAreSourcesOfTheirOwn() throws IOException {
    Path out = prepared(ClipCutter.Format.STRIP, 4, 3);
    PngWriter.strip(out.resolve("z-alone.png"), Phantom.render(2, 0, 5, 20));
    ClipDataset set = open(out, 0.1);
    assertEquals(List.of("z-alone.png"), names(set.heldOut()));
  }

  @Test
  void whatIsNoListOfOursIsIgnoredInOneLine() throws IOException {
    Path out = prepared(ClipCutter.Format.STRIP, 4, 2, 3);
    Path list = out.resolve("clips.tsv");
    ignored(out, "", "does not name clip");
    ignored(out, "clip\tsource\na-0000.png\ta.png\n", "does not name clip");
    ignored(out, HEADER + "a-0000.png\ta.png\n", "line 2 has 2 fields, the first has 5");
    ignored(out, HEADER + "a-0000.png\ta.png\t-1\t1\t5\n", "line 2 has no first frame");
    String row = "a-0000.png\ta.png\t0\t1\t5\n";
    ignored(out, HEADER + row + row, "line 3 names a clip again");
    Files.write(list, new byte[] {(byte) 0xff, 0, (byte) 0xfe, 1, 2, (byte) 0x80});
    ignored(out, null, "not UTF-8 text");
    try (RandomAccessFile huge = new RandomAccessFile(list.toFile(), "rw")) {
      huge.setLength(1L << 34);
    }
    ignored(out, null, "larger than 256 MiB");
  }

  private static void ignored(Path out, String content, String why) throws IOException {
    if (content != null) {
      Files.writeString(out.resolve("clips.tsv"), content);
    }
    ClipDataset set = open(out, 0.3);
    assertEquals(3, set.heldOut().videos());
    assertEquals(List.of(), set.dropped());
    List<String> lines = set.report().stream().filter(l -> l.contains("clips.tsv")).toList();
    assertEquals(1, lines.size(), lines.toString());
    assertTrue(lines.get(0).contains("clips.tsv ignored: ") && lines.get(0).contains(why), why);
  }

  @Test
  void namesThatAreNoPathsMatchNothing() throws IOException {
    Path out = prepared(ClipCutter.Format.STRIP, 2, 2);
    String rows = "../../etc/passwd\tx\t0\t1\t5\n\0\ty\t0\t1\t5\n/\tz\t0\t1\t5\n\tw\t0\t1\t5\n";
    Files.writeString(out.resolve("clips.tsv"), HEADER + rows);
    assertEquals(1, open(out, 0.3).heldOut().videos());
  }
}
