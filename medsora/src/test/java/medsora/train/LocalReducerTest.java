package medsora.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LocalReducerTest {
  private static final List<Shape> SHAPES = List.of(Shape.of(1));

  private final LocalReducer reducer = new LocalReducer();

  private static Tensor gradient(float value) {
    return Tensor.of(Shape.of(1), value);
  }

  private void add(int leaf, Tensor gradient) {
    reducer.add(leaf, 0, gradient);
    reducer.add(leaf, new Reducer.Beside(Map.of("loss", (double) leaf), new byte[0]));
  }

  @Test
  void sumsGradientsAndLosses() {
    assertEquals(List.of(0, 1), reducer.begin(2, SHAPES));
    add(0, gradient(1));
    add(1, gradient(2));
    Reducer.Sum sum = reducer.sum(2);
    assertArrayEquals(new float[] {3}, sum.gradients().getFirst().toArray());
    assertEquals(Map.of("loss", 1.0), sum.losses());
  }

  /** A sample that could not be computed costs its step, and nothing after it. */
  @Test
  void whatAnUnfinishedStepLeftIsGivenUp() {
    reducer.begin(3, SHAPES);
    add(0, gradient(5));
    assertThrows(IllegalStateException.class, () -> reducer.sum(3));
    reducer.begin(3, SHAPES);
    Tensor left = gradient(7);
    add(0, left);
    sumsGradientsAndLosses();
    assertTrue(left.storage().isReleased());
  }
}
