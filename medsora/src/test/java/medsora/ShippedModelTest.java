package medsora;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import medsora.config.Config;
import medsora.diffusion.LabelGuidance;
import medsora.diffusion.Sampler;
import medsora.media.Clip;
import medsora.metric.FrameQuality;
import medsora.phantom.Phantom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The model that comes with the program. */
class ShippedModelTest {
  /** A clip of data that it never saw. */
  private static final long UNSEEN_SEED = 901;

  private static MedSora model;

  @BeforeAll
  static void load() throws IOException {
    model = MedSora.pretrained("phantom-64");
  }

  @Test
  void itIsOfTheConfigurationOfItsName() {
    var named = Config.builtin("phantom-64-tuned");
    assertEquals(named.denoiser(), model.config().denoiser());
    assertEquals(named.vae(), model.autoencoder().vae().config());
    assertEquals(named.recipe(), model.config().recipe());
    assertEquals(Phantom.LABELS, model.config().recipe().labels());
  }

  @Test
  void itReproducesWhatItNeverSaw() {
    Clip clip = Phantom.render(UNSEEN_SEED, 0, 46, 64);
    int[] every = new int[16];
    Arrays.setAll(every, i -> 3 * i);
    Clip before = clip.pick(every);
    List<byte[]> after = model.autoencoder().reconstruct(before).shown().frames();
    double error = 0;
    for (int t = 0; t < 16; t++) {
      error += FrameQuality.squaredError(before.frames().get(t), after.get(t)) / 16;
    }
    double psnr = FrameQuality.psnr(error);
    assertTrue(psnr > 30, psnr + " dB");
  }

  @Test
  void labelsChangeWhatItDraws() {
    float[] none = draw(new LabelGuidance(0, 1));
    float[] lesion = draw(new LabelGuidance(1, 1));
    assertFalse(Arrays.equals(none, lesion));
    assertArrayEquals(lesion, draw(new LabelGuidance(1, 1)));
  }

  private static float[] draw(LabelGuidance guidance) {
    Generator.Settings settings =
        new Generator.Settings(
            4, new Sampler.Method.DpmSolver(), null, guidance, Generator.Span.WHOLE);
    Clip clip = model.generator(settings).sample(7, 0, done -> {});
    assertEquals(16, clip.length());
    assertEquals(64, clip.width());
    return clip.values();
  }

  @Test
  void anotherNameIsRefused() {
    IOException e = assertThrows(IOException.class, () -> MedSora.pretrained("phantom-65"));
    assertTrue(e.getMessage().contains("there is phantom-64"), e.getMessage());
  }
}
