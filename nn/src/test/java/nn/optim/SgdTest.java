package nn.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.kernel.Backends;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import engine.testing.Bits;
import engine.testing.OpContract;
import java.util.List;
import org.junit.jupiter.api.Test;

class SgdTest {
  private static float[] after(int steps) {
    Tensor p = Tensor.of(Shape.of(2), 1f, -2f);
    Sgd sgd = new Sgd(List.of(p), 0.5);
    for (int i = 0; i < steps; i++) {
      sgd.step(List.of(Tensor.of(Shape.of(2), 2f, 4f * i)), 0.25);
    }
    return p.toArray();
  }

  /** v: 2, 3, 3.5 and 0, 4, 10. */
  @Test
  void isItsFormula() {
    assertArrayEquals(new float[] {0.5f, -2f}, after(1));
    assertArrayEquals(new float[] {-0.25f, -3f}, after(2));
    assertArrayEquals(new float[] {-1.125f, -5.5f}, after(3));
  }

  @Test
  void everyBackendDoesTheSame() {
    float[] expected = after(5);
    OpContract.backends()
        .forEach((name, k) -> Bits.assertEqual(expected, Backends.with(k, () -> after(5)), name));
  }

  @Test
  void gradientsMustFit() {
    Sgd sgd = new Sgd(List.of(Tensor.zeros(Shape.of(2))), 0.9);
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> sgd.step(List.of(Tensor.zeros(Shape.of(3))), 0.1));
    assertTrue(e.getMessage().contains("[sgd] gradient 0 is [3]"), e.getMessage());
  }
}
