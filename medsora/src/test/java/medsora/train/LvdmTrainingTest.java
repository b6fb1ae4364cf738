package medsora.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.kernel.Backends;
import engine.kernel.Kernels;
import engine.testing.OpContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import medsora.baseline.lvdm.LvdmDenoiser;
import medsora.baseline.lvdm.LvdmProcess;
import medsora.baseline.lvdm.LvdmVae;
import medsora.config.Config;
import medsora.config.TrainConfig;
import medsora.train.store.RunFolder;
import medsora.train.store.StepReport;
import medsora.vae.ClipAutoencoder;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** LVDM's denoiser in the loop in which MedSora is trained, on latents of its own autoencoder. */
class LvdmTrainingTest {
  /** Steps whose losses are looked at together. */
  private static final int SHOWN = 6;

  private static final TrainConfig CONFIG =
      Config.builtin(
          "lvdm",
          Map.ofEntries(
              Map.entry("name", "lvdm-tiny"),
              Map.entry("data.size", "16"),
              Map.entry("data.imageWindows", "1"),
              Map.entry("vae.width", "16"),
              Map.entry("denoiser.inputSize", "2"),
              Map.entry("denoiser.width", "32"),
              Map.entry("denoiser.multipliers", "[1, 1]"),
              Map.entry("denoiser.blocks", "1"),
              Map.entry("denoiser.attention", "[2]"),
              Map.entry("denoiser.heads", "2"),
              Map.entry("denoiserTraining.batch", "2"),
              Map.entry("denoiserTraining.learningRate", "1e-3")));

  private static final ClipAutoencoder VAE = CONFIG.vae().network();
  private static Clips clips;

  @TempDir Path folder;

  @BeforeAll
  static void rendered() throws IOException {
    VAE.module().initialize(8);
    clips = DatasetClips.phantom(CONFIG, 3, done -> {});
  }

  private static Stage stage() {
    return new Stage(
        new DenoiserObjective(
            CONFIG, clips, DenoiserObjective.fresh(CONFIG), VAE, CONFIG.vae().published()));
  }

  private String train(String name, long steps) throws IOException {
    try (RunFolder run = RunFolder.open(folder.resolve(name))) {
      return new Trainer(run, clips, report -> {}, () -> false, 4).run(stage(), steps);
    }
  }

  /** Clips alone, no images, and the mean of the magnitudes. */
  @Test
  void itsLossIsTheMeanOfTheMagnitudes() {
    assertEquals(0, CONFIG.clipImages());
    Stage stage = stage();
    assertTrue(stage.state().module() instanceof LvdmDenoiser);
    Map<String, Double> losses = stage.step().losses();
    // The network predicts 0 at first: what is left is the mean of |noise|, sqrt(2 / pi).
    assertEquals(Math.sqrt(2 / Math.PI), losses.get("l1"), 0.1);
    assertFalse(losses.containsKey("mse"), losses.toString());
    assertEquals(0.01, LvdmProcess.PRACTICE.weightDecay());
  }

  @Test
  void tenStepsAreTheSameBitsOnEveryBackend() throws IOException {
    Map<String, Kernels> backends = new LinkedHashMap<>(OpContract.backends());
    String scalar = backends.keySet().iterator().next();
    String wanted = Backends.with(backends.remove(scalar), () -> train(scalar, 10));
    // Of other threads and other widths the contract test of each op says enough.
    backends.keySet().removeIf(name -> name.matches(".*(no vectors|128 bits|256 bits).*"));
    assertTrue(backends.size() > 1, backends.toString());
    for (Map.Entry<String, Kernels> backend : backends.entrySet()) {
      String name = backend.getKey();
      assertEquals(wanted, Backends.with(backend.getValue(), () -> train(name, 10)), name);
    }
  }

  @Test
  void continuingEqualsNeverHavingStopped() throws IOException {
    String whole = train("whole", 6);
    train("parts", 3);
    assertEquals(whole, train("parts", 6));
    Path a = folder.resolve("whole").resolve("denoiser.safetensors");
    Path b = folder.resolve("parts").resolve("denoiser.safetensors");
    assertEquals(-1, Files.mismatch(a, b));
  }

  /** Its autoencoder, as every other family's. */
  @Test
  void itsAutoencoderIsTrained() throws IOException {
    Clips one = DatasetClips.phantom(CONFIG, 1, done -> {});
    Stage stage = new Stage(new VaeObjective(CONFIG, one, VaeObjective.fresh(CONFIG)));
    assertTrue(stage.state().module() instanceof LvdmVae);
    double first = 0;
    double last = 0;
    for (int i = 0; i < 2 * SHOWN; i++) {
      double loss = stage.step().losses().get(StepReport.TOTAL);
      first += i < SHOWN ? loss : 0;
      last += i < SHOWN ? 0 : loss;
    }
    assertTrue(last < first, last + " after " + first);
  }
}
