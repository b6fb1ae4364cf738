package medsora.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import medsora.diffusion.Drawing;
import medsora.diffusion.Schedule;
import medsora.diffusion.SkipGuidance;
import medsora.train.store.Identity;
import org.junit.jupiter.api.Test;

class RecipeTest {
  private static TrainConfig with(String key, String value) {
    return Config.builtin("tiny", Map.of("recipe." + key, value));
  }

  /** Configurations from before there were recipes keep their hashes. */
  @Test
  void theProfilesHaveNoneAndItStandsInNoTree() {
    for (String profile : new String[] {"paper", "reference"}) {
      TrainConfig read = Config.builtin("medsora-b", Map.of("profile", profile));
      assertEquals(Recipe.PAPER, read.recipe());
      assertFalse(ConfigTree.json(read).contains("recipe"), profile);
    }
  }

  @Test
  void whatIsWrittenIsRead() {
    TrainConfig own = with("bound", "3.5");
    String json = ConfigTree.json(own);
    assertTrue(json.contains("\"bound\":3.5"), json);
    assertEquals(own, ConfigTree.read("recipe", json, TrainConfig.class).whole(TrainConfig.class));
    assertEquals(new Drawing(1, 0, 3.5f, SkipGuidance.NONE), own.recipe().drawing());
    assertEquals(Drawing.PLAIN, Recipe.PAPER.drawing());
    assertEquals(new SkipGuidance(0.5f, 0), with("skipWeight", "0.5").recipe().drawing().skip());
  }

  /**
   * A run begun under one recipe is not continued under another; what is for drawing alone does not
   * decide.
   */
  @Test
  void whatChangesWeightsDecidesARun() {
    Map<String, String> plain = Identity.ofDenoiser(Config.builtin("tiny")).deciding();
    assertNotEquals(plain, Identity.ofDenoiser(with("output", "velocity")).deciding());
    assertNotEquals(plain, Identity.ofDenoiser(with("weighting", "min_snr")).deciding());
    assertEquals(plain, Identity.ofDenoiser(with("bound", "3")).deciding());
    assertEquals(plain, Identity.ofDenoiser(with("gain", "1.1")).deciding());
    assertEquals(plain, Identity.ofDenoiser(with("skipWeight", "1")).deciding());
    assertNotEquals(
        Identity.ofVae(Config.builtin("tiny")).deciding(),
        Identity.ofVae(with("evenness", "0.5")).deciding());
  }

  /** Each as its source writes it: factors of |x_0 - x_0'|^2, divided by those of the noise. */
  @Test
  void weightsAreThoseOfTheirSources() {
    Schedule schedule = Schedule.full();
    for (int t : new int[] {0, 10, 300, 700, 999}) {
      double alpha = schedule.sqrtAlphaCumprod(t);
      double sigma = schedule.sqrtOneMinusAlphaCumprod(t);
      double ratio = (alpha / sigma) * (alpha / sigma);
      assertEquals(1, Recipe.PAPER.weight(schedule, t));
      // eps - eps' = alpha (v - v'), wherefore |v - v'|^2 is |eps - eps'|^2 / alpha^2.
      double velocity = with("weighting", "velocity").recipe().weight(schedule, t);
      assertEquals(1 / (alpha * alpha), velocity, 1e-9 * velocity);
      double capped = with("weighting", "min_snr").recipe().weight(schedule, t);
      assertEquals(Math.min(ratio, 5) / ratio, capped, 1e-9);
    }
  }

  @Test
  void whatCannotBeMeantIsRefused() {
    for (String[] wrong :
        new String[][] {
          {"bound", "-1", "recipe.bound be at least 0"},
          {"gain", "3", "recipe.gain be in [0.5, 2]"},
          {"tilt", "0.02", "recipe.tilt go with recipe.evenness"},
          {"tilt", "-0.1", "recipe.tilt be in [0, 0.1]"},
          {"skipWeight", "-1", "recipe.skipWeight be in [0, 100]"},
          {"skipBlock", "-1", "recipe.skipBlock be at least 0"},
          {"snr", "0", "recipe.snr be positive"},
          {"phantomHeldOut", "4", "go with recipe.phantomClips"},
          {"phantomClips", "-1", "recipe.phantomClips be at least 0"}
        }) {
      String text =
          assertThrows(ConfigException.class, () -> with(wrong[0], wrong[1])).getMessage();
      assertTrue(text.contains(wrong[2]), text);
    }
  }

  @Test
  void aBlockThatIsSkippedHasToBeThere() {
    for (String[] wrong :
        new String[][] {
          {"tiny", "2", "2 blocks"}, {"endora-tiny", "0", "MedSora's denoiser alone"}
        }) {
      Map<String, String> changes = Map.of("recipe.skipWeight", "1", "recipe.skipBlock", wrong[1]);
      String text =
          assertThrows(ConfigException.class, () -> Config.builtin(wrong[0], changes)).getMessage();
      assertTrue(text.contains(wrong[2]), text);
    }
  }
}
