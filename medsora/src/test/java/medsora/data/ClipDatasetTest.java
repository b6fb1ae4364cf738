package medsora.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.testing.SplitMix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import medsora.data.ClipDataset.Options;
import medsora.media.Clip;
import medsora.media.GifWriter;
import medsora.media.PngWriter;
import medsora.media.ReadOptions;
import medsora.phantom.Phantom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClipDatasetTest {
  @TempDir Path folder;

  private static Options options(long cacheBytes) {
    return new Options(16, ClipSampler.PAPER, 0.25, cacheBytes, ReadOptions.DEFAULT);
  }

  private void fill() throws IOException {
    PngWriter.strip(folder.resolve("b.png"), Phantom.render(1, 0, 20, 24));
    PngWriter.strip(folder.resolve("short.png"), Phantom.render(1, 1, 5, 24));
    Files.createDirectories(folder.resolve("a/frames"));
    Clip v = Phantom.render(1, 2, 17, 24);
    for (int i = 0; i < 17; i++) {
      PngWriter.write(folder.resolve("a/frames/" + i + ".png"), v.frames().get(i), 24, 24);
    }
    GifWriter.write(folder.resolve("c.gif"), Phantom.render(1, 3, 52, 24).at(10));
    Files.writeString(folder.resolve("notes.txt"), "text");
    Files.writeString(folder.resolve("broken.mp4"), "this is no video");
  }

  @Test
  void foldersAreListedWithReasonsForEveryFileLeftOut() throws IOException {
    fill();
    Path outside = Files.createTempFile("outside", ".gif");
    Files.createSymbolicLink(folder.resolve("link.gif"), outside);
    ClipDataset set = ClipDataset.open(folder, options(1 << 30));
    Files.delete(outside);
    assertEquals(3, set.train().videos() + set.heldOut().videos());
    assertEquals(1, set.heldOut().videos());
    String dropped = set.dropped().toString();
    for (String reason :
        List.of("too short: 5 frames", "link that leaves", "notes.txt", "not a video", "broken")) {
      assertTrue(dropped.contains(reason), dropped);
    }
    assertEquals(4, set.dropped().size());
    assertTrue(set.report().get(0).contains("3 videos kept (2 to train, 1 held out), 4 dropped"));
  }

  @Test
  void streamingGivesWhatTheCacheGives() throws IOException {
    fill();
    ClipDataset cached = ClipDataset.open(folder, options(1 << 30));
    ClipDataset streamed = ClipDataset.open(folder, options(20 * 16 * 16 * 3));
    assertEquals(cached.sha256(), streamed.sha256());
    assertNotEquals(cached.report().get(0), streamed.report().get(0));
    for (int v = 0; v < 2; v++) {
      int begin = cached.train().begins(v) - 1;
      assertArrayEquals(
          cached.train().clip(v, begin).values(), streamed.train().clip(v, begin).values());
    }
    int[] some = {0, 19, cached.train().frames() - 1};
    assertArrayEquals(cached.train().images(some).values(), streamed.train().images(some).values());
  }

  @Test
  void clipsAreTheVideosFrames() throws IOException {
    Clip v = Phantom.render(1, 0, 50, 16);
    ClipDataset set = ClipDataset.of(List.of(v), options(0));
    assertEquals(0, set.heldOut().videos());
    assertEquals(2, set.train().begins(0));
    assertEquals(3.0, set.train().entry(0).spacing());
    Clip direct = new VideoTransform(16, true).apply(v.pick(ClipSampler.PAPER.indices(50, 1)));
    Clip cut = set.train().clip(0, 1);
    assertArrayEquals(direct.values(), cut.mirrored().values());
    assertArrayEquals(v.frames().get(4), cut.frames().get(1), "second frame of the clip");
    assertEquals(set.train().entry(0).name(), cut.source());
  }

  @Test
  void nothingUsableIsAnErrorWithReasons() throws IOException {
    PngWriter.strip(folder.resolve("short.png"), Phantom.render(1, 1, 5, 24));
    String text =
        assertThrows(IOException.class, () -> ClipDataset.open(folder, options(1))).getMessage();
    assertTrue(text.contains("no usable video") && text.contains("too short"), text);
  }

  @Test
  void theSplitIsEvenAndNeverEmpty() {
    assertFalse(HeldOut.spread(1, 0.5)[0]);
    for (int n = 2; n < 40; n++) {
      for (double share : new double[] {0.01, 0.1, 0.5, 0.99}) {
        boolean[] out = HeldOut.spread(n, share);
        int held = 0;
        for (boolean b : out) {
          held += b ? 1 : 0;
        }
        assertTrue(held >= 1 && held < n, n + " videos, share " + share + ": " + held);
      }
    }
  }

  @Test
  void imageSamplers() {
    ImageSampler paper = new ImageSampler(Sampling.PAPER, 8);
    double[] next = {0};
    int[] drawn = paper.draw(100, () -> (next[0] += 0.07) % 1);
    assertEquals(8, drawn.length);
    assertEquals(7, drawn[0]);
    long[] state = {0};
    int[] order = ImageSampler.shuffle(50, () -> SplitMix.unit(9, state[0]++));
    assertArrayEquals(
        java.util.stream.IntStream.range(0, 50).toArray(), Arrays.stream(order).sorted().toArray());
    int[] window = new ImageSampler(Sampling.REFERENCE, 8).window(order, 46);
    assertEquals(order[46], window[0]);
    assertEquals(order[3], window[7]);
  }
}
