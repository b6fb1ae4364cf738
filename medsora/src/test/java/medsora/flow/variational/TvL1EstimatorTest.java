package medsora.flow.variational;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.op.layout.Layout;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import java.io.IOException;
import medsora.flow.ChairsPair;
import medsora.flow.EndPointError;
import medsora.flow.PhantomFlow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TvL1EstimatorTest {
  private static final TvL1Estimator ESTIMATOR = new TvL1Estimator(TvL1Config.DEFAULT);

  /** A smooth pattern, seen from a place. */
  private static Tensor pattern(int h, int w, double dx, double dy) {
    return Tensor.generate(
        Shape.of(1, 3, h, w),
        i -> {
          double x = i % w - dx;
          double y = i / w % h - dy;
          return (float)
              (127 + 60 * Math.sin(0.35 * x + 0.1 * y) + 60 * Math.cos(0.27 * y - 0.08 * x));
        });
  }

  /** The pattern moved to the right by 2.3 and up by 1.6 pixels. */
  @Test
  void findsAShiftToATenthOfAPixel() {
    Tensor flow = ESTIMATOR.flow(pattern(48, 64, 0, 0), pattern(48, 64, 2.3, -1.6));
    Tensor inner = Layout.slice(Layout.slice(flow, 2, 6, 42), 3, 6, 58);
    int plane = inner.dim(2) * inner.dim(3);
    Tensor truth = Tensor.generate(inner.shape(), i -> i / plane == 0 ? 2.3f : -1.6f);
    assertTrue(EndPointError.mean(inner, truth) < 0.1);
  }

  /** Exact flow of a moving colon with moving light: a vector is some 3.3 pixels long. */
  @Test
  void followsThePhantom() {
    PhantomFlow clip = PhantomFlow.of(0, 128);
    double error = clip.error(ESTIMATOR);
    assertTrue(error < 0.45 * clip.length(), error + " of " + clip.length());
    double plain = clip.error(new TvL1Estimator(TvL1Config.PLAIN));
    assertTrue(error < plain, error + " against " + plain);
  }

  /** What docs/flow.md says, to a tenth of a pixel. */
  @ParameterizedTest
  @CsvSource({"0, 1.71", "1, 1.50"})
  void followsTheChairs(int pair, double error) throws IOException {
    assertEquals(error, ChairsPair.of(pair).error(ESTIMATOR), 0.1);
  }

  @Test
  void eachPairIsEstimatedByItself() {
    Tensor a = Layout.concat(0, pattern(20, 33, 0, 0), pattern(20, 33, 1, 0));
    Tensor b = Layout.concat(0, pattern(20, 33, 1, 1), pattern(20, 33, 3, 0));
    float[] both = ESTIMATOR.flow(a, b).toArray();
    float[] second = ESTIMATOR.flow(Layout.slice(a, 0, 1, 2), Layout.slice(b, 0, 1, 2)).toArray();
    assertArrayEquals(second, java.util.Arrays.copyOfRange(both, second.length, 2 * second.length));
  }

  /** One pixel, one row, and pictures without any structure. */
  @ParameterizedTest
  @CsvSource({"1, 1", "1, 40", "3, 2", "16, 16"})
  void blankPicturesOfAnySizeStandStill(int h, int w) {
    Tensor grey = Tensor.generate(Shape.of(1, 3, h, w), i -> 77f);
    assertArrayEquals(new float[2 * h * w], ESTIMATOR.flow(grey, grey).toArray());
  }

  @Test
  void wrongShapesAndSettingsAreRefused() {
    Tensor a = Tensor.zeros(Shape.of(1, 3, 8, 8));
    Tensor b = Tensor.zeros(Shape.of(1, 3, 8, 9));
    Exception e = assertThrows(ShapeException.class, () -> ESTIMATOR.flow(a, b));
    assertTrue(e.getMessage().contains("first=[1,3,8,8] second=[1,3,8,9]"), e.getMessage());
    assertThrows(
        IllegalArgumentException.class,
        () -> new TvL1Config(0.3f, 0.15f, 0.3f, 5, 0.5f, 5, 50, 0.01f, 0f));
  }
}
