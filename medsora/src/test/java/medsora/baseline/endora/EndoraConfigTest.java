package medsora.baseline.endora;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import medsora.config.Config;
import nn.Mode;
import org.junit.jupiter.api.Test;

/** What a configuration of Endora refuses, and its priors. */
class EndoraConfigTest {
  private static final EndoraConfig SMALL =
      new EndoraConfig(2, 4, 2, 8, 4, 2, 3, 2, new EndoraConfig.Prior(0.5, List.of(1), List.of(0)));

  private static EndoraConfig config(String size) {
    return (EndoraConfig) Config.builtin("endora-" + size).denoiser();
  }

  @Test
  void whatDoesNotFitIsNamed() {
    ShapeException e =
        assertThrows(
            ShapeException.class,
            () ->
                SMALL
                    .network()
                    .forward(
                        Tensor.zeros(Shape.of(2, 4, 2, 4, 4)), new float[] {3, 700}, Mode.EVAL));
    assertTrue(
        e.getMessage().startsWith("[endora] wants x=[2,3,2,4,4] or, without images, [2,2"),
        e.getMessage());
    for (String wish :
        List.of("depth=3", "prior.pairs=[6, 2, 3, 5]", "heads=7", "videoFrames=25", "patch=3")) {
      String[] set = wish.split("=");
      RuntimeException refused =
          assertThrows(
              RuntimeException.class,
              () -> Config.builtin("endora-b", Map.of("denoiser." + set[0], set[1])));
      assertTrue(refused.getMessage().contains("[endora] "), refused.getMessage());
    }
  }

  /** Every size has a prior of its pairs. */
  @Test
  void theUsualPriorFitsEverySize() {
    assertEquals(List.of(0, 2, 3, 5), EndoraConfig.Prior.usual(6).pairs());
    assertEquals(List.of(2, 5, 8, 11), EndoraConfig.Prior.usual(12).pairs());
    assertEquals(List.of(2, 5, 8, 11), EndoraConfig.Prior.usual(14).pairs());
    for (String size : List.of("s", "b", "l", "xl")) {
      assertEquals(EndoraConfig.Prior.usual(config(size).pairs()), config(size).prior());
    }
    assertTrue(Arrays.asList(0, 1).containsAll(EndoraConfig.Prior.usual(1).pairs()));
  }
}
