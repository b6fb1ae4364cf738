package medsora.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.List;
import medsora.flow.FlowEstimator;
import medsora.media.Clip;
import org.junit.jupiter.api.Test;

class FlowConsistencyTest {
  private static final int FRAMES = 3;
  private static final int H = 5;
  private static final int W = 8;

  /** A ramp whose frames move to the right by one pixel each. */
  private static Clip moving() {
    float[] clip = new float[3 * FRAMES * H * W];
    for (int i = 0; i < clip.length; i++) {
      clip[i] = 0.1f * (i % W - i / (H * W) % FRAMES);
    }
    return Clip.of("ramp", FRAMES, H, W, clip);
  }

  private static FlowEstimator constant(float u, float v) {
    return (a, b) ->
        Tensor.generate(Shape.of(a.dim(0), 2, H, W), i -> i / (H * W) % 2 == 0 ? u : v);
  }

  @Test
  void theTrueFlowLeavesNoError() {
    FlowConsistency c = FlowConsistency.of(List.of(moving()), constant(1, 0));
    assertEquals(0, c.warped(), 1e-6);
    assertEquals(0.1, c.still(), 1e-6);
  }

  @Test
  void noFlowIsTheErrorOfStandingStill() {
    FlowConsistency c = FlowConsistency.of(List.of(moving()), constant(0, 0));
    assertEquals(c.still(), c.warped());
  }

  @Test
  void whatLeavesThePictureIsNotCounted() {
    FlowConsistency c = FlowConsistency.of(List.of(moving()), constant(W, 0));
    assertTrue(Double.isNaN(c.warped()));
  }
}
