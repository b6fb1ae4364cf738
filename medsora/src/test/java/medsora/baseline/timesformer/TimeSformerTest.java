package medsora.baseline.timesformer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.autodiff.Tape;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import engine.testing.SplitMix;
import java.util.Arrays;
import nn.Mode;
import nn.Outline;
import org.junit.jupiter.api.Test;

class TimeSformerTest {
  private static final TimeSformerConfig TINY = new TimeSformerConfig(16, 8, 3, 12, 3, 2, 0.5);

  private static Tensor clips(int n) {
    return Tensor.generate(Shape.of(n, 3, 3, 16, 16), i -> SplitMix.unit(3, i) - 0.5);
  }

  /** Counted by building the published network. */
  @Test
  void parametersAreAsManyAsPublished() {
    TimeSformer network = Outline.of(() -> new TimeSformer(TimeSformerConfig.PUBLISHED));
    assertEquals(121_258_752, network.parameterCount());
    assertEquals(247, network.stateDict().size());
    assertEquals("cls_token", network.stateDict().keySet().iterator().next());
  }

  @Test
  void drawsDropBranchesInTrainingAlone() {
    ClipClassifier network = new ClipClassifier(TINY, 2);
    network.initialize(1);
    try (Tape scope = Tape.noGrad()) {
      float[] sure = network.forward(clips(2), Mode.EVAL).toArray();
      assertArrayEquals(sure, network.forward(clips(2), Mode.EVAL).toArray());
      float[] drawn = network.forward(clips(2), Mode.training(1, 0)).toArray();
      assertArrayEquals(drawn, network.forward(clips(2), Mode.training(1, 0)).toArray());
      assertFalse(Arrays.equals(sure, drawn));
      assertFalse(Arrays.equals(drawn, network.forward(clips(2), Mode.training(1, 1)).toArray()));
    }
    assertEquals(0f, TINY.dropPath(0));
    assertEquals(0.25f, TINY.dropPath(1));
    assertEquals(0.5f, TINY.dropPath(2));
  }

  /** Every clip by itself, whatever stands beside it. */
  @Test
  void clipsDoNotSeeEachOther() {
    TimeSformer network = new TimeSformer(TINY);
    network.initialize(1);
    try (Tape scope = Tape.noGrad()) {
      float[] both = network.forward(clips(2), Mode.EVAL).toArray();
      float[] one = network.forward(clips(1), Mode.EVAL).toArray();
      assertArrayEquals(one, Arrays.copyOf(both, one.length));
    }
  }

  @Test
  void errorsNameTheShapes() {
    TimeSformer network = new TimeSformer(TINY);
    ShapeException e =
        assertThrows(
            ShapeException.class,
            () -> network.forward(Tensor.zeros(Shape.of(1, 3, 4, 16, 16)), Mode.EVAL));
    assertTrue(e.getMessage().contains("wants clips [N,3,3,16,16]"), e.getMessage());
    assertThrows(
        IllegalArgumentException.class, () -> new TimeSformerConfig(16, 5, 3, 12, 3, 2, 0));
  }
}
