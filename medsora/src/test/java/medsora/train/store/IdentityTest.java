package medsora.train.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import medsora.config.Config;
import medsora.config.TrainConfig;
import org.junit.jupiter.api.Test;

/** What a checkpoint must have been made under to be continued. */
class IdentityTest {
  private static final Identity VAE = Identity.ofVae(tiny()).and(Identity.BEGUN_FROM, "b");
  private static final Identity DENOISER =
      Identity.ofDenoiser(tiny()).and(Identity.VAE_SHA256, "v").and(Identity.BEGUN_FROM, "b");

  /** Pairs of key and value. */
  private static TrainConfig tiny(String... changes) {
    Map<String, String> map = new TreeMap<>();
    for (int i = 0; i < changes.length; i += 2) {
      map.put(changes[i], changes[i + 1]);
    }
    return Config.builtin("tiny", map);
  }

  private static Checkpoint.Info saved(Identity identity) {
    return new Checkpoint.Info("s", 0, identity, "d", Map.of());
  }

  private static Identity vae(String... changes) {
    return Identity.ofVae(tiny(changes)).and(Identity.BEGUN_FROM, "b");
  }

  private static Identity denoiser(String... changes) {
    return new Identity(tiny(changes), DENOISER.parts(), DENOISER.beside());
  }

  private static List<String> differences(Identity there, Identity here) {
    return here.differences("file", saved(there), false);
  }

  @Test
  void lengthAndMemoryOfARunAreFree() {
    assertEquals(
        List.of(),
        differences(
            VAE,
            vae(
                "name",
                "other",
                "vaeTraining.steps",
                "9",
                "vaeTraining.recompute",
                "true",
                "stopping.every",
                "7",
                "denoiser.hidden",
                "32",
                "perceptual.weight",
                "0.5",
                "perceptual.adversarialFrom",
                "3")));
    assertEquals(
        List.of(),
        differences(
            DENOISER,
            denoiser(
                "denoiserTraining.steps",
                "9",
                "denoiserTraining.recompute",
                "true",
                "stopping.patience",
                "7",
                "vaeTraining.kl",
                "1",
                // Off, it decides nothing.
                "alignment.alpha",
                "0.5")));
  }

  @Test
  void whatDecidesIsNamedByItsPath() {
    assertEquals(
        List.of("seed: there 0, here 5", "vae.widths: there [8,8,16,16], here [8,8,8,16]"),
        differences(VAE, vae("seed", "5", "vae.widths", "[8, 8, 8, 16]")));
    assertEquals(
        List.of("perceptual.adversarial: there 0.0, here 0.5"),
        differences(VAE, vae("perceptual.adversarial", "0.5")).subList(0, 1));
    assertEquals(
        List.of("alignment.enabled: there false, here true"),
        differences(DENOISER, denoiser("alignment.enabled", "true")).stream()
            .filter(line -> !line.contains("there nothing"))
            .toList());
  }

  @Test
  void whatDecidesBesideTheConfigurationIsNamed() {
    assertEquals(
        List.of("networks: there n, here nothing"),
        differences(DENOISER.and(Identity.NETWORKS, "n"), DENOISER));
    assertEquals(
        List.of("begun from: there b, here c"),
        differences(DENOISER, DENOISER.and(Identity.BEGUN_FROM, "c")));
    assertEquals(
        List.of("lpips sha256: there nothing, here l"), differences(VAE, VAE.withLpips("l")));
    assertEquals(
        List.of("perceptual.weight: there 1.0, here 0.5"),
        differences(VAE.withLpips("l"), vae("perceptual.weight", "0.5").withLpips("l")));
  }

  /** Before weights are read only a part of it is known. */
  @Test
  void aBeginningIsComparedWithoutTheRest() {
    Identity begin = Identity.ofDenoiser(tiny());
    assertEquals(List.of(), begin.differences("file", saved(DENOISER), true));
    assertEquals(
        List.of("vae sha256: there v, here w"),
        begin.and(Identity.VAE_SHA256, "w").differences("file", saved(DENOISER), true));
  }
}
