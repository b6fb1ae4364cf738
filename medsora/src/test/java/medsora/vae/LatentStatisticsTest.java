package medsora.vae;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import engine.autodiff.Tape;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class LatentStatisticsTest {
  private static final LatentStatistics EACH =
      new LatentStatistics(List.of(0.5f, -1f), List.of(2f, 0.25f));

  @Test
  void eachChannelHasItsOwnShiftAndScale() {
    Tensor z = Tensor.of(Shape.of(1, 2, 1, 1, 2), 1f, 2f, 3f, 7f);
    try (Tape scope = Tape.noGrad()) {
      assertArrayEquals(new float[] {1, 3, 1, 2}, EACH.unit(z).toArray());
      assertArrayEquals(z.toArray(), EACH.latents(EACH.unit(z)).toArray());
      assertThrows(ShapeException.class, () -> EACH.unit(Tensor.zeros(Shape.of(1, 3, 1, 1, 2))));
    }
  }

  @Test
  void textIsReadBack() {
    for (LatentStatistics s : List.of(EACH, LatentStatistics.RELEASED)) {
      assertEquals(s, LatentStatistics.read(s.shiftText(), s.scaleText()));
    }
    assertEquals("1.1525843", LatentStatistics.RELEASED.scaleText());
    assertEquals("2.0,0.25", EACH.scaleText());
  }

  /** Deviations 4 and 1: half way 2 and 1, with a mean square of 2.5 before the common factor. */
  @Test
  void evennessBringsChannelsNearToEachOther() {
    double[] means = {3, 0};
    double[] deviations = {4, 1};
    LatentStatistics whole = LatentStatistics.of(means, deviations, 1);
    assertEquals(List.of(0.25f, 1f), whole.scales());
    assertEquals(List.of(3f, 0f), whole.shifts());
    List<Float> half = LatentStatistics.of(means, deviations, 0.5).scales();
    double root = Math.sqrt(2.5);
    assertEquals(2 / root, half.get(0) * 4, 1e-6);
    assertEquals(1 / root, half.get(1), 1e-6);
    assertEquals(
        new LatentStatistics(3, 0.25f), LatentStatistics.of(new double[] {3}, new double[] {4}, 0));
  }

  @Test
  void whatCannotBeWorkedWithIsRefused() {
    for (String[] wrong : new String[][] {{"0", "0"}, {"0,1", "1"}, {"0", "x"}, {"NaN", "1"}}) {
      assertThrows(IllegalArgumentException.class, () -> LatentStatistics.read(wrong[0], wrong[1]));
    }
    assertThrows(
        IllegalArgumentException.class,
        () -> LatentStatistics.of(new double[] {0}, new double[] {0}, 0));
  }
}
