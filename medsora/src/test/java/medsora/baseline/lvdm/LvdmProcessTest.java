package medsora.baseline.lvdm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import engine.kernel.EmaArgs;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import medsora.diffusion.Sampler;
import medsora.diffusion.Schedule;
import nn.optim.Ema;
import org.junit.jupiter.api.Test;

class LvdmProcessTest {
  private static final Schedule SCHEDULE = LvdmProcess.PRACTICE.schedule();

  @Test
  void bytesAreCutOff() {
    float[] values = {-2, -1, -0.999f, 0, 0.9999f, 1, 3, Float.NaN};
    int[] wanted = {0, 0, 0, 127, 254, 255, 255, 0};
    for (int i = 0; i < values.length; i++) {
      assertEquals(wanted[i], LvdmProcess.toByte(values[i]) & 0xff, "value " + values[i]);
    }
  }

  @Test
  void theAverageWarmsUpFromTwoElevenths() {
    Tensor p = Tensor.of(Shape.of(1), 0f);
    Ema ema =
        new Ema(
            List.of(p),
            new Ema.Settings(EmaArgs.Form.INCREMENTAL, 0.9999, LvdmProcess.PRACTICE.warmUp()));
    p.storage().write(new float[] {1});
    ema.update();
    assertEquals(9.0 / 11, ema.averages().getFirst().item(), 1e-7);
    ema.update();
    assertEquals(1 - 2.0 / 11 * 3 / 12, ema.averages().getFirst().item(), 1e-7);
  }

  /** Steps 1, 251, 501 and 751 of 1000, and before the first of them step 0. */
  @Test
  void ddimTakesTheStepsOfLatentDiffusion() {
    Schedule short4 = SCHEDULE.respacedFromSecond(4);
    assertEquals(4, short4.steps());
    for (int i = 0; i < 4; i++) {
      assertEquals(1 + (250 * i), short4.originalStep(i));
      assertEquals(SCHEDULE.alphaCumprod(1 + (250 * i)), short4.alphaCumprod(i), 1e-12);
    }
    assertEquals(SCHEDULE.alphaCumprod(0), short4.alphaCumprodPrevious(0));
    assertEquals(500, SCHEDULE.respacedFromSecond(400).steps());
    for (int wrong : new int[] {0, 3, 300, 600, 1000, 1001}) {
      assertThrows(
          IllegalArgumentException.class, () -> SCHEDULE.respacedFromSecond(wrong), "" + wrong);
    }
  }

  /**
   * Its last step ends at step 0, and so draws noise where DDIM of the released MedSora does not.
   */
  @Test
  void itsLastStepDrawsToo() {
    assertEquals(List.of(1, 0), drawn(new Sampler.Method.LatentDdim(1)));
    assertEquals(List.of(1), drawn(new Sampler.Method.Ddim(1)));
    assertEquals(List.of(), drawn(new Sampler.Method.LatentDdim(0)));
  }

  private static List<Integer> drawn(Sampler.Method method) {
    List<Integer> drawn = new ArrayList<>();
    Sampler.Noise noise =
        (i, shape) -> {
          drawn.add(i);
          return Tensor.zeros(shape);
        };
    new Sampler(method.spaced(SCHEDULE, 2), method, Sampler.UNBOUND)
        .sample((x, t) -> x, Tensor.full(Shape.of(1, 1, 1, 2, 2), 1f), noise, (i, x, s) -> {});
    return drawn;
  }
}
