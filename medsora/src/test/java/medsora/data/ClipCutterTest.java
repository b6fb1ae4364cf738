package medsora.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import medsora.data.ClipCutter.Black;
import medsora.data.ClipCutter.Format;
import medsora.data.ClipCutter.Options;
import medsora.media.Clip;
import medsora.media.PngWriter;
import medsora.media.ReadOptions;
import medsora.media.VideoReader;
import medsora.phantom.Phantom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClipCutterTest {
  @TempDir Path folder;

  private Path source() throws IOException {
    Path in = folder.resolve("in");
    Clip v = Phantom.render(1, 0, 40, 20);
    PngWriter.strip(in.resolve("long.png"), v);
    PngWriter.strip(in.resolve("sub/copy.png"), v);
    PngWriter.strip(in.resolve("short.png"), Phantom.render(1, 1, 6, 20));
    List<byte[]> black = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      black.add(new byte[20 * 20 * 3]);
    }
    PngWriter.strip(in.resolve("black.png"), Clip.of("black", 20, 20, black));
    return in;
  }

  private static Options options(Format format) {
    return new Options(5, 2, 16, format, 8, 0, Black.DROP, ReadOptions.DEFAULT);
  }

  @Test
  void everyFrameIsAccountedFor() throws IOException {
    Path in = source();
    for (Format format : Format.values()) {
      Path out = folder.resolve("out" + format);
      List<String> lines = new ArrayList<>();
      ClipCutter.Report report = ClipCutter.cut(in, out, options(format), lines::add);
      assertEquals(4, report.kept().size());
      assertEquals(4, lines.size());
      String dropped = report.dropped().toString();
      for (String why : List.of("black: 9 frames", "too short: 6 frames", "same as an earlier")) {
        assertTrue(dropped.contains(why), dropped);
      }
      ClipCutter.Cut second = report.kept().get(1);
      assertEquals(10, second.firstFrame());
      Clip clip = VideoReader.read(out.resolve(second.clip()));
      assertEquals(5, clip.length());
      assertEquals(16, clip.width());
      List<String> list = Files.readAllLines(out.resolve("clips.tsv"));
      assertEquals("clip\tsource\tfirst_frame\tstride\tframes", list.get(0));
      assertEquals(second.clip() + "\tlong.png\t10\t2\t5", list.get(2));
      assertEquals(5, list.size());
      if (format != Format.MP4) {
        byte[] expected =
            new VideoTransform(16, false)
                .resize(Phantom.render(1, 0, 40, 20).frames().get(12), 20, 20);
        assertArrayEquals(expected, clip.frames().get(1));
      }
    }
  }

  @Test
  void theResultIsADataSet() throws IOException {
    Path out = folder.resolve("out");
    ClipCutter.cut(source(), out, options(Format.STRIP), line -> {});
    ClipSampler five = new ClipSampler(Sampling.PAPER, 5);
    ClipDataset set = ClipDataset.open(out, ClipDataset.Options.of(16, five));
    assertEquals(4, set.train().videos() + set.heldOut().videos());
    assertEquals(0, set.dropped().size());
  }

  @Test
  void nothingCutIsAnError() throws IOException {
    Path in = folder.resolve("in");
    PngWriter.strip(in.resolve("short.png"), Phantom.render(1, 1, 6, 20));
    Path out = folder.resolve("out");
    String text =
        assertThrows(
                IOException.class, () -> ClipCutter.cut(in, out, options(Format.STRIP), line -> {}))
            .getMessage();
    assertTrue(text.contains("no clip") && text.contains("too short"), text);
  }
}
