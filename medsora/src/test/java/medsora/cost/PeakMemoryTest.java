package medsora.cost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Map;
import medsora.config.Config;
import medsora.config.TrainConfig;
import medsora.vae.Vae;
import medsora.vae.VaeConfig;
import nn.Outline;
import org.junit.jupiter.api.Test;

class PeakMemoryTest {
  private static long parameters(TrainConfig c) {
    return Outline.of(c.denoiser()::network).module().parameterCount();
  }

  @Test
  void aLargerHeapMakesALargerProcess() throws IOException {
    TrainConfig tiny = Config.read("tiny");
    PeakMemory need = PeakMemory.denoiser(tiny);
    assertEquals(parameters(tiny), need.parameters());
    assertEquals(
        Outline.of(() -> new Vae(VaeConfig.of(tiny.vae()))).parameterCount(), need.beside());
    assertEquals(
        4 * (need.weights() + need.optimiser() + need.gradients() + need.step()), need.bytes());
    assertEquals(need.bytes() + need.objectBytes(), need.heapBytes());
    assertTrue(need.processBytes() > need.heapBytes());
  }

  /**
   * Recomputation pays with time, not with memory; a model of six blocks needs less than one of 12.
   */
  @Test
  void recomputationAndSmallerModelsNeedLess() throws IOException {
    long[] heaps = new long[3];
    heaps[0] = PeakMemory.denoiser(Config.read("medsora-b")).heapBytes();
    heaps[1] =
        PeakMemory.denoiser(Config.read("medsora-b", Map.of("denoiserTraining.recompute", "true")))
            .heapBytes();
    heaps[2] = PeakMemory.denoiser(Config.read("medsora-s")).heapBytes();
    assertTrue(heaps[1] < heaps[0], heaps[1] + " of " + heaps[0]);
    assertTrue(heaps[2] < heaps[0], heaps[2] + " of " + heaps[0]);
  }

  /** Whoever samples holds no moments and no gradients. */
  @Test
  void samplingHoldsWeightsAndOneStep() throws IOException {
    TrainConfig tiny = Config.read("tiny");
    int side = tiny.denoiser().latents().height();
    PeakMemory whole = PeakMemory.sampling(tiny.denoiser(), tiny.vae(), side);
    assertEquals(0, whole.optimiser() + whole.gradients());
    PeakMemory tiled = PeakMemory.sampling(tiny.denoiser(), tiny.vae(), side / 2);
    assertTrue(tiled.step() <= whole.step(), tiled + " and " + whole);
    assertTrue(whole.step() > 0);
  }
}
