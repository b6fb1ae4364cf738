package medsora.cost;

import static org.junit.jupiter.api.Assertions.assertEquals;

import engine.autodiff.Tape;
import engine.tensor.Shape;
import engine.tensor.Storage;
import engine.tensor.Tensor;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import medsora.config.Config;
import medsora.denoiser.Denoiser;
import medsora.denoiser.DenoiserConfig;
import medsora.diffusion.NoiseLoss;
import medsora.diffusion.Schedule;
import nn.Mode;
import nn.Outline;
import nn.init.Init;
import nn.layer.Linear;
import org.junit.jupiter.api.Test;

/** Runs on shapes against real ones and against formulas. */
class ShapeRunTest {
  private static final int[] STEP = {500};

  /** The memory that a real training step holds is what the run on shapes says. */
  @Test
  void keptMemoryIsThatOfARealRun() throws IOException {
    for (String profile : new String[] {"paper", "reference"}) {
      DenoiserConfig c =
          DenoiserConfig.of(
              Config.read("tiny", Map.of("profile", profile, "denoiser.window", "4")).denoiser());
      for (boolean recompute : new boolean[] {false, true}) {
        long counted = ModelRuns.train(Outline.of(() -> new Denoiser(c)), recompute).kept();
        long real = real(c, recompute);
        assertEquals(real, counted, profile + " recompute " + recompute);
      }
    }
  }

  private static long real(DenoiserConfig c, boolean recompute) {
    Denoiser denoiser = new Denoiser(c);
    denoiser.initialize(1);
    denoiser.setRecompute(recompute);
    Shape clip = Shape.of(1, c.frames(), c.inChannels(), c.inputSize(), c.inputSize());
    Tensor x = Tensor.generate(clip, Math::sin);
    try (Tape tape = Tape.open()) {
      Tensor y = denoiser.forward(x, new float[] {STEP[0]}, Mode.training(0, 0)).prediction();
      new NoiseLoss(Schedule.full()).terms(y, x, x, STEP).total();
      Set<Storage> saved = tape.savedStorages();
      denoiser.parameters().values().forEach(p -> saved.remove(p.value().storage()));
      return saved.stream().mapToLong(Storage::size).sum();
    }
  }

  @Test
  void aLinearLayerCostsItsMatrixForEveryRow() {
    Linear layer = Outline.of(() -> new Linear(5, 3, true, Init.zeros()));
    ShapeRun run = ShapeRun.of(layer, () -> layer.forward(Counted.tensor(2, 7, 5)));
    assertEquals(Cost.ofProducts(2 * 7 * 3 * 5, Shape.of(14, 3)), run.costs().get(""));
    // The gradient of the weight reads x; no one asks for that of x.
    assertEquals(2 * 7 * 5, run.kept());
  }

  /** Recomputation keeps the inputs of blocks only; the whole costs the same. */
  @Test
  void costsDoNotDependOnTheProfileOfMemory() throws IOException {
    DenoiserConfig c = DenoiserConfig.of(Config.read("tiny").denoiser());
    Denoiser denoiser = Outline.of(() -> new Denoiser(c));
    assertEquals(
        ModelRuns.train(denoiser, false).total().total(),
        ModelRuns.train(denoiser, true).total().total());
  }
}
