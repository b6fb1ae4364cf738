package medsora.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import medsora.config.TrainConfig;
import medsora.media.Clip;
import medsora.vae.LatentStatistics;
import org.junit.jupiter.api.Test;

/** What is counted to be encoded against what a run asks its data for. */
class EncodingsTest {
  /** Clips that count how often they are asked for. */
  private static final class Asked implements Clips {
    private final Clips all = TinyRun.CLIPS;
    private int clips;
    private int windows;

    @Override
    public int trainingClips() {
      return all.trainingClips();
    }

    @Override
    public int heldOutClips() {
      return all.heldOutClips();
    }

    @Override
    public int frames() {
      return all.frames();
    }

    @Override
    public int imagesOfWindow() {
      return all.imagesOfWindow();
    }

    @Override
    public int begins(int clip) {
      return all.begins(clip);
    }

    @Override
    public Clip video(int clip, int begin, boolean flip, int frames) {
      clips++;
      return all.video(clip, begin, flip, frames);
    }

    @Override
    public int imageWindows() {
      return all.imageWindows();
    }

    @Override
    public Clip images(int window) {
      windows++;
      return all.images(window);
    }

    @Override
    public int size() {
      return all.size();
    }

    @Override
    public String sha256() {
      return all.sha256();
    }
  }

  @Test
  void eachIsCountedWhereItIsEncoded() {
    TrainConfig config = TinyRun.config();
    Asked asked = new Asked();
    DenoiserObjective objective =
        new DenoiserObjective(
            config,
            asked,
            DenoiserObjective.fresh(config),
            VaeObjective.fresh(config),
            new LatentStatistics(0, 1));
    Encodings counted = new Encodings(config, asked);
    for (int n = 0; n < 20; n++) {
      objective.draw(n, n, null);
      counted.meet(1);
      assertEquals(asked.clips, counted.clips(), "clips after sample " + n);
      assertEquals(asked.windows, counted.windows(), "windows after sample " + n);
    }
    assertTrue(counted.clips() > 3, "mirrored ones and other begins by themselves");
    assertEquals(2, counted.windows());
  }
}
