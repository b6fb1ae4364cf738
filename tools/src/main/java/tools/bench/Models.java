package tools.bench;

import engine.random.RandomKey;
import java.util.Map;
import medsora.config.Config;
import medsora.config.TrainConfig;
import medsora.denoiser.DenoiserConfig;
import medsora.diffusion.NetworkConfig;
import medsora.diffusion.NoisePredictor;
import medsora.vae.Vae;
import medsora.vae.VaeConfig;
import nn.Module;
import nn.Outline;

/** The models of the paper with weights by seed, and without weights for counting. */
final class Models {
  static final int SIZE = 128;
  private static final long SEED = 1;
  private static final float SPREAD = 0.02f;

  /**
   * The paper's way with pretrained weights: the compensation modules learn, the rest is frozen.
   */
  private static final Map<String, String> FINE_TUNING =
      Map.of(
          "vaeTraining.scope", "compensation",
          "vaeTraining.learningRate", "2e-7",
          "vaeTraining.kl", "0",
          "vaeTraining.recompute", "true");

  private Models() {}

  /** MedSora-B with the autoencoder of CogVideoX-2b, set up for fine-tuning it. */
  static TrainConfig config() {
    return Config.builtin("medsora-b", FINE_TUNING);
  }

  /** What {@code medsora-b} trains, at a depth (S 6, B 12, L 24). */
  static DenoiserConfig denoiserConfig(int depth) {
    Map<String, String> change = Map.of("denoiser.depth", Integer.toString(depth));
    return DenoiserConfig.of(Config.builtin("medsora-b", change).denoiser());
  }

  static NoisePredictor denoiser(NetworkConfig config) {
    NoisePredictor d = config.network();
    d.module().initialize(SEED);
    trained(d.module());
    return d;
  }

  static Vae vae() {
    Vae v = new Vae(VaeConfig.of(config().vae()));
    v.initialize(SEED);
    return trained(v);
  }

  static Vae vaeOutline() {
    return Outline.of(() -> new Vae(VaeConfig.of(config().vae())));
  }

  /** Layers that begin at zero get values, as they have after training: zeros may be faster. */
  private static <M extends Module> M trained(M module) {
    RandomKey key = new RandomKey(SEED, 1, 0);
    long[] changed = new long[1];
    module
        .parameters()
        .forEach((name, p) -> {
          float[] values = p.value().toArray();
          for (float v : values) {
            if (v != 0) {
              return;
            }
          }
          key.withStep(changed[0]++).random().normal(values, 0, values.length);
          for (int i = 0; i < values.length; i++) {
            values[i] *= SPREAD;
          }
          p.value().storage().write(values);
        });
    return module;
  }
}
