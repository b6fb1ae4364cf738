package nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import nn.init.Init;
import nn.layer.Linear;
import org.junit.jupiter.api.Test;

class OutlineTest {
  /** 2^30 weights, 4 GB, in a test that has less. */
  @Test
  void modulesLargerThanTheMemoryHaveShapesAndNames() {
    Linear layer = Outline.of(() -> new Linear(1 << 15, 1 << 15, true, Init.zeros()));
    assertEquals((1L << 30) + (1 << 15), layer.parameterCount());
    Parameter weight = layer.parameters().get("weight");
    assertTrue(weight.isTrainable());
    String said =
        assertThrows(
                IllegalStateException.class, () -> weight.value().storage().write(new float[1]))
            .getMessage();
    assertTrue(said.contains("outline"), said);
    layer.setTrainable(false);
    assertEquals(0, layer.trainable().size());
  }

  @Test
  void whatIsBuiltLaterHasMemoryAgain() {
    Outline.of(() -> new Linear(2, 2, true, Init.zeros()));
    assertEquals(
        0f, new Linear(1, 1, false, Init.zeros()).parameters().get("weight").value().item());
  }
}
