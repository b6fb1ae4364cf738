package medsora.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import medsora.config.Config;
import medsora.config.ConfigException;
import medsora.config.TrainConfig;
import medsora.train.store.Identity;
import medsora.train.store.Precomputed;
import medsora.train.store.RunFolder;
import medsora.vae.ClipAutoencoder;
import medsora.vae.LatentStatistics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The decoder is trained further, for latents that stay as a denoiser has learned them. */
class DecoderTrainingTest {
  @TempDir Path folder;

  private static TrainConfig config(String noise) {
    return Config.builtin(
        "tiny",
        Map.of(
            "vaeTraining.scope",
            "decoder",
            "recipe.latentNoise",
            noise,
            "recipe.evenness",
            "0.5",
            "recipe.phantomClips",
            "3"));
  }

  private static Clips clips(TrainConfig config) {
    return new PhantomClips(PhantomClips.Settings.of(config));
  }

  private static Stage stage(TrainConfig config, ClipAutoencoder vae) {
    return new Stage(new VaeObjective(config, clips(config), vae));
  }

  private static Map<String, float[]> weights(ClipAutoencoder vae) {
    Map<String, float[]> all = new TreeMap<>();
    vae.module().parameters().forEach((name, p) -> all.put(name, p.value().toArray()));
    return all;
  }

  @Test
  void theEncoderStaysAsItIs() {
    TrainConfig config = config("0.2");
    ClipAutoencoder vae = VaeObjective.fresh(config);
    Map<String, float[]> before = weights(vae);
    Stage stage = stage(config, vae);
    stage.step();
    stage.step();
    Map<String, float[]> after = weights(vae);
    int moved = 0;
    for (Map.Entry<String, float[]> e : before.entrySet()) {
      boolean decoder = e.getKey().startsWith("decoder.");
      float[] now = after.get(e.getKey());
      if (!decoder) {
        assertArrayEquals(e.getValue(), now, e.getKey());
      } else if (!Arrays.equals(e.getValue(), now)) {
        moved++;
      }
    }
    assertTrue(moved > 20, moved + " tensors of the decoder moved");
  }

  /** Of the other families too: all that is between latents and frames, and nothing else. */
  @ParameterizedTest
  @ValueSource(strings = {"endora-tiny", "lvdm"})
  void everyFamilyHasADecoder(String builtin) {
    ClipAutoencoder vae = Config.builtin(builtin).vae().network();
    vae.setDecoderTrained();
    vae.module()
        .parameters()
        .forEach((name, p) ->
            assertEquals(
                !name.startsWith("encoder.") && !name.startsWith("quant_conv."),
                p.isTrainable(),
                name));
  }

  @Test
  void noiseIsMetAndIsPartOfTheIdentity() {
    TrainConfig plain = config("0");
    TrainConfig noisy = config("0.2");
    double without = stage(plain, VaeObjective.fresh(plain)).step().losses().get("l1");
    double with = stage(noisy, VaeObjective.fresh(noisy)).step().losses().get("l1");
    assertNotEquals(without, with);
    assertNotEquals(Identity.ofVae(plain).deciding(), Identity.ofVae(noisy).deciding());
  }

  @Test
  void itContinuesByteForByte() throws IOException {
    String whole = train("whole", 4);
    train("parts", 2);
    assertEquals(whole, train("parts", 4));
  }

  /**
   * The latents are measured where a training ends; without noise nothing of it is learned from.
   */
  @Test
  void aStageThatWasFinishedGoesOnAsIfItHadNotBeen() throws IOException {
    TrainConfig plain = config("0");
    Stage once = stage(plain, VaeObjective.fresh(plain));
    Stage twice = stage(plain, VaeObjective.fresh(plain));
    try (RunFolder run = RunFolder.open(folder.resolve("once"))) {
      new Trainer(run, clips(plain), report -> {}, () -> false, 9).run(once, 2);
    }
    try (RunFolder run = RunFolder.open(folder.resolve("twice"))) {
      Trainer trainer = new Trainer(run, clips(plain), report -> {}, () -> false, 9);
      trainer.run(twice, 1);
      trainer.run(twice, 2);
    }
    assertEquals(once.hashes(), twice.hashes());
  }

  private String train(String name, long steps) throws IOException {
    TrainConfig config = config("0.2");
    try (RunFolder run = RunFolder.open(folder.resolve(name))) {
      return new Trainer(run, clips(config), report -> {}, () -> false, 9)
          .run(stage(config, VaeObjective.fresh(config)), steps);
    }
  }

  /** What was encoded before the decoder was trained further is found again. */
  @Test
  void latentsOutlastTheDecoder() {
    TrainConfig config = config("0.2");
    ClipAutoencoder vae = VaeObjective.fresh(config);
    assertTrue(encoded(config, vae) > 0);
    stage(config, vae).step();
    assertEquals(0, encoded(config, vae));
    vae.setTrained(true);
    vae.module().initialize(2);
    assertTrue(encoded(config, vae) > 0);
  }

  /** How many latents had to be computed for a step of the denoiser. */
  private long encoded(TrainConfig config, ClipAutoencoder vae) {
    Precomputed kept = new Precomputed(folder.resolve("kept"));
    new Stage(
            new DenoiserObjective(
                config,
                clips(config),
                DenoiserObjective.fresh(config),
                vae,
                new LatentStatistics(0.1f, 1.5f),
                null,
                kept))
        .step();
    return kept.computed();
  }

  @Test
  void noiseWithAMovingEncoderIsRefused() {
    Exception e =
        assertThrows(
            ConfigException.class,
            () -> Config.builtin("tiny", Map.of("recipe.latentNoise", "0.1")));
    assertTrue(e.getMessage().contains("vaeTraining.scope: decoder"), e.getMessage());
  }
}
