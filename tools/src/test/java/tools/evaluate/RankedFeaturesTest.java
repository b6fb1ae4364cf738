package tools.evaluate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import engine.ranks.Ranks;
import engine.testing.ThreadTransport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import medsora.media.Clip;
import medsora.metric.network.FeatureNetwork;
import medsora.metric.phantom.PhantomFeatures;
import medsora.metric.protocol.Extraction;
import medsora.metric.protocol.FeatureCache;
import medsora.metric.protocol.FeaturesOfClips;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who computes features shows in nothing: rows, files and how many were computed. */
class RankedFeaturesTest {
  private static final int CLIPS = 5;

  @TempDir Path folder;

  private static Clip clip(int number) {
    List<byte[]> frames = new ArrayList<>();
    for (int t = 0; t < 2; t++) {
      byte[] frame = new byte[3 * 9 * 11];
      for (int i = 0; i < frame.length; i++) {
        frame[i] = (byte) ((number % 4) * 40 + t * 7 + i);
      }
      frames.add(frame);
    }
    return Clip.of("clip " + number, 9, 11, frames);
  }

  /** The last clip is the first once more. */
  private Extraction.Extracted extracted(String name, FeaturesOfClips features) {
    FeatureNetwork network = PhantomFeatures.frames(2);
    try (FeatureCache cache =
        FeatureCache.open(folder.resolve(name), "test", network.dimensions())) {
      Extraction extraction = new Extraction(network, cache, () -> false, n -> {}, features);
      Extraction.Extracted found =
          extraction.of(
              "real",
              visitor -> {
                for (int i = 0; i < CLIPS && visitor.take(i, clip(i)); i++) {
                  continue;
                }
              });
      assertEquals(CLIPS - 1, extraction.computed());
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Extraction.Extracted asRank(Ranks ranks) {
    if (ranks.isFirst()) {
      RankedFeatures features = new RankedFeatures(ranks);
      Extraction.Extracted found = extracted("shared", features);
      features.end();
      return found;
    }
    RankedFeatures.serve(ranks, List.of());
    return extracted("unused " + ranks.rank(), FeaturesOfClips.HERE);
  }

  @Test
  void featuresAreThoseOfOneRank() throws Exception {
    Extraction.Extracted wanted = extracted("alone", FeaturesOfClips.HERE);
    Extraction.Extracted found = ThreadTransport.run(3, this::asRank).getFirst();
    assertEquals(wanted.hashes(), found.hashes());
    for (int i = 0; i < CLIPS; i++) {
      assertArrayEquals(wanted.rows().row(i), found.rows().row(i));
    }
  }
}
