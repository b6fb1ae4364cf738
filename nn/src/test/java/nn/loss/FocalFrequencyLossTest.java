package nn.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.autodiff.Tape;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import engine.testing.Fixture;
import engine.testing.Fixtures;
import java.util.LinkedHashMap;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Reference numbers: testdata/reference/focal_frequency_loss, at the tolerance of its README. */
class FocalFrequencyLossTest {
  private static final FocalFrequencyLoss STANDARD = FocalFrequencyLoss.STANDARD;
  private static final double TOLERANCE = 1e-6;

  private final Fixture fixture = Fixtures.load("focal_frequency_loss");

  @Test
  void equalsTheReferenceWithItsGradient() {
    for (String image : new String[] {"a", "b"}) {
      Tensor pred = tensor(image + ".pred").asParameter();
      Tensor target = tensor(image + ".target").asParameter();
      try (Tape tape = Tape.open()) {
        Tensor loss = STANDARD.of(pred, target);
        var gradients = tape.backward(loss);
        near(loss.toArray(), image + ".loss");
        near(gradients.of(pred).toArray(), image + ".grad_pred");
        float[] opposite = gradients.of(target).toArray();
        for (int i = 0; i < opposite.length; i++) {
          opposite[i] = -opposite[i];
        }
        assertArrayEquals(gradients.of(pred).toArray(), opposite);
      }
    }
  }

  @Test
  void equalsTheReferenceWithEachOption() {
    Map<String, FocalFrequencyLoss> options = new LinkedHashMap<>();
    options.put("alpha2", STANDARD.withAlpha(2));
    options.put("patch2", STANDARD.withPatchFactor(2));
    options.put("log", STANDARD.withLogMatrix(true));
    options.put("batch", STANDARD.withBatchMatrix(true));
    options.put("ave", STANDARD.withAverageSpectrum(true));
    options.put("weight3", STANDARD.withLossWeight(3));
    Tensor pred = tensor("a.pred");
    Tensor target = tensor("a.target");
    options.forEach((name, loss) -> near(loss.of(pred, target).toArray(), "a.loss_" + name));
  }

  @Test
  void equalImagesLoseNothing() {
    Tensor zero = Tensor.zeros(Shape.of(1, 2, 4, 6)).asParameter();
    try (Tape tape = Tape.open()) {
      Tensor loss = STANDARD.of(zero, Tensor.zeros(zero.shape()));
      near(loss.toArray(), "equal.loss");
      assertArrayEquals(new float[48], tape.backward(loss).of(zero).toArray(), 0f);
    }
  }

  /** With alpha 0 every weight is 1, and Parseval's theorem makes the loss the squared error. */
  @Property(tries = 20)
  void withoutFocusItIsTheSquaredError(
      @ForAll @IntRange(min = 1, max = 3) int b,
      @ForAll @IntRange(min = 1, max = 3) int c,
      @ForAll @IntRange(min = 1, max = 13) int h,
      @ForAll @IntRange(min = 1, max = 13) int w) {
    Tensor pred = Tensor.generate(Shape.of(b, c, h, w), i -> StrictMath.sin(i * 1.7 + h));
    Tensor target = Tensor.generate(pred.shape(), i -> StrictMath.cos(i * 0.9 + w));
    double error = 0;
    for (int i = 0; i < pred.size(); i++) {
      double d = (double) pred.toArray()[i] - target.toArray()[i];
      error += d * d / pred.size();
    }
    assertEquals(error, STANDARD.withAlpha(0).of(pred, target).item(), 1e-6 * error);
  }

  @Test
  void aBrokenExponentLiesBetweenWholeOnes() {
    float one = STANDARD.of(tensor("a.pred"), tensor("a.target")).item();
    float between = STANDARD.withAlpha(1.5f).of(tensor("a.pred"), tensor("a.target")).item();
    float two = STANDARD.withAlpha(2).of(tensor("a.pred"), tensor("a.target")).item();
    assertTrue(one > between && between > two, one + " " + between + " " + two);
  }

  @Test
  void errorsNameShapesAndOptions() {
    Tensor x = Tensor.zeros(Shape.of(1, 1, 4, 6));
    ShapeException e =
        assertThrows(
            ShapeException.class, () -> STANDARD.of(x, Tensor.zeros(Shape.of(1, 1, 6, 4))));
    assertEquals(
        "[focalFrequencyLoss] wants two images of one shape [B,C,H,W]:"
            + " pred=[1,1,4,6] target=[1,1,6,4]",
        e.getMessage());
    assertThrows(ShapeException.class, () -> STANDARD.withPatchFactor(4).of(x, x));
    assertThrows(IllegalArgumentException.class, () -> STANDARD.withPatchFactor(0));
    assertThrows(IllegalArgumentException.class, () -> STANDARD.withAlpha(Float.NaN));
  }

  private Tensor tensor(String name) {
    return Tensor.of(Shape.of(fixture.dims(name)), fixture.floats(name));
  }

  private void near(float[] got, String name) {
    double error = Fixtures.error(got, fixture.floats(name));
    assertTrue(error < TOLERANCE, name + ": error " + error);
  }
}
