package tools.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import medsora.config.Config;
import medsora.config.TrainConfig;
import medsora.train.DenoiserObjective;
import medsora.train.VaeObjective;
import org.junit.jupiter.api.Test;

class MemoryNeedTest {
  /** A stage's own parameters are what its network has; the autoencoder beside it is named. */
  @Test
  void parametersAreThoseOfTheStage() throws IOException {
    TrainConfig tiny = Config.read("tiny");
    long vae = VaeObjective.fresh(tiny).module().parameterCount();
    long denoiser = DenoiserObjective.fresh(tiny).module().parameterCount();
    assertEquals(vae, MemoryNeed.vae(tiny).peak().parameters());
    assertEquals(denoiser, MemoryNeed.denoiser(tiny).peak().parameters());
    String said = MemoryNeed.denoiser(tiny).line();
    String words =
        "denoiser: %.2f million parameters and the autoencoder's %.2f; needs"
            .formatted(denoiser / 1e6, vae / 1e6);
    assertTrue(said.startsWith(words), said);
    assertTrue(MemoryNeed.vae(tiny).line().contains("million parameters; needs"));
  }
}
