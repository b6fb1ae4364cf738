package medsora.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import medsora.config.TrainConfig;
import medsora.data.ClipDataset;
import medsora.data.Sampling;
import medsora.media.Clip;
import org.junit.jupiter.api.Test;

class DatasetClipsTest {
  private static final int SIZE = 8;

  /** Every pixel of frame t of video v is 4 v + t mod 4, so that a value says where it is from. */
  private static DatasetClips clips(Sampling sampling, long seed) throws IOException {
    List<Clip> videos = new ArrayList<>();
    for (int v = 0; v < 5; v++) {
      List<byte[]> frames = new ArrayList<>();
      for (int t = 0; t < 20; t++) {
        byte[] frame = new byte[SIZE * SIZE * 3];
        Arrays.fill(frame, (byte) ((20 * v) + t));
        frames.add(frame);
      }
      videos.add(Clip.of("v" + v, SIZE, SIZE, frames));
    }
    TrainConfig.Data settings = new TrainConfig.Data(SIZE, sampling, true, 0.2, 200);
    TrainConfig config = TinyRun.config(settings).withSeed(seed);
    return new DatasetClips(ClipDataset.of(videos, DatasetClips.options(config)), config);
  }

  /** The number of the frame from which each of the frames of a window or clip is. */
  private static int[] sources(Clip clip) {
    float[] planes = clip.values();
    int frames = clip.length();
    int[] out = new int[frames];
    for (int t = 0; t < frames; t++) {
      out[t] = (int) Math.rint(((planes[t * SIZE * SIZE] * 0.5) + 0.5) * 255);
    }
    return out;
  }

  @Test
  void oneFifthIsHeldOut() throws IOException {
    DatasetClips c = clips(Sampling.PAPER, 0);
    assertEquals(4, c.trainingClips());
    assertEquals(1, c.heldOutClips());
  }

  @Test
  void aClipHasSixteenFramesFromItsBegin() throws IOException {
    DatasetClips c = clips(Sampling.PAPER, 0);
    assertEquals(4, c.begins(0));
    int[] from = sources(c.video(0, 3, false));
    for (int t = 0; t < 16; t++) {
      assertEquals(from[0] + t, from[t]);
    }
    assertEquals(3, from[0] % 20);
    assertEquals(16, c.video(4, 0, true).length());
  }

  @Test
  void imagesOfTheReferenceAreConsecutiveEntriesOfOneShuffledList() throws IOException {
    DatasetClips c = clips(Sampling.REFERENCE, 1);
    int[] list = new int[80];
    for (int w = 0; w < 80; w++) {
      int[] window = sources(c.images(w));
      list[w] = window[0];
      assertArrayEquals(
          Arrays.copyOfRange(window, 1, 8), Arrays.copyOf(sources(c.images(w + 1)), 7));
    }
    assertEquals(80, Arrays.stream(list).distinct().count());
    assertFalse(Arrays.equals(list, Arrays.stream(list).sorted().toArray()));
  }

  @Test
  void imagesOfThePaperAreDrawnEachOnItsOwn() throws IOException {
    DatasetClips c = clips(Sampling.PAPER, 1);
    float[] seven = c.images(7).values();
    assertArrayEquals(seven, clips(Sampling.PAPER, 1).images(7).values());
    assertFalse(Arrays.equals(seven, clips(Sampling.PAPER, 2).images(7).values()));
    int[] seen = new int[100];
    for (int w = 0; w < 200; w++) {
      for (int source : sources(c.images(w))) {
        seen[source]++;
      }
    }
    // Of 100 frames the 20 held-out ones never come; each other one is met 20 times on average.
    assertEquals(20, Arrays.stream(seen).filter(n -> n == 0).count());
    assertEquals(1600, Arrays.stream(seen).sum());
  }

  @Test
  void settingsMustFitTheSet() throws IOException {
    TrainConfig.Data settings = new TrainConfig.Data(SIZE, Sampling.PAPER, true, 0, 1);
    ClipDataset set =
        ClipDataset.of(
            List.of(medsora.phantom.Phantom.render(0, 0, 17, SIZE)),
            DatasetClips.options(TinyRun.config(settings)));
    TrainConfig.Data larger = new TrainConfig.Data(2 * SIZE, Sampling.PAPER, true, 0, 1);
    assertThrows(
        IllegalArgumentException.class, () -> new DatasetClips(set, TinyRun.config(larger)));
  }
}
