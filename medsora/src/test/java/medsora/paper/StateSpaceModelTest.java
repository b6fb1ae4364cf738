package medsora.paper;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import engine.op.scan.Scan;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Our scan is the recurrence of Eq. 3 and the matrix of Eq. 4, whatever the length of its chunks.
 */
class StateSpaceModelTest {
  private static final int LENGTH = 48;
  private static final int STATES = 5;
  private static final int CHANNELS = 3;

  private final float[] x = Doubles.normal(LENGTH * CHANNELS, 1);
  private final float[] b = Doubles.normal(LENGTH * STATES, 2);
  private final float[] c = Doubles.normal(LENGTH * STATES, 3);
  private final float[] dt = steps();
  private final float rate = -0.7f;

  private static float[] steps() {
    float[] dt = Doubles.normal(LENGTH, 4);
    for (int i = 0; i < LENGTH; i++) {
      dt[i] = Math.abs(dt[i]) + 0.01f;
    }
    return dt;
  }

  private static double[][] rows(float[] values, int width) {
    return IntStream.range(0, values.length / width)
        .mapToObj(
            t -> IntStream.range(0, width).mapToDouble(i -> values[(t * width) + i]).toArray())
        .toArray(double[][]::new);
  }

  /** A_t = exp(dt_t A). */
  private double[] decay() {
    return IntStream.range(0, LENGTH).mapToDouble(t -> Math.exp((double) dt[t] * rate)).toArray();
  }

  /** B_t of Eq. 3 is dt_t B_t of Mamba-2. */
  private double[][] input() {
    double[][] rows = rows(b, STATES);
    for (int t = 0; t < LENGTH; t++) {
      for (int n = 0; n < STATES; n++) {
        rows[t][n] *= dt[t];
      }
    }
    return rows;
  }

  private Tensor scan(int chunk) {
    return Scan.ssdScan(
        Tensor.of(Shape.of(1, LENGTH, 1, CHANNELS), x),
        Tensor.of(Shape.of(1, LENGTH, 1), dt),
        Tensor.of(Shape.of(1), rate),
        Tensor.of(Shape.of(1, LENGTH, 1, STATES), b),
        Tensor.of(Shape.of(1, LENGTH, 1, STATES), c),
        null,
        null,
        chunk);
  }

  private static double[] flat(double[][] rows) {
    return java.util.Arrays.stream(rows).flatMapToDouble(java.util.Arrays::stream).toArray();
  }

  @Test
  void equation3() {
    double[][] y = StateSpaceModel.recurrence(decay(), input(), rows(c, STATES), rows(x, CHANNELS));
    for (int chunk : new int[] {1, 7, 16, 256}) {
      Doubles.assertClose(flat(y), scan(chunk), 1e-6);
    }
  }

  @Test
  void equation4() {
    double[][] m = StateSpaceModel.matrix(decay(), input(), rows(c, STATES));
    double[][] y = StateSpaceModel.apply(m, rows(x, CHANNELS));
    for (int chunk : new int[] {1, 7, 16, 256}) {
      Doubles.assertClose(flat(y), scan(chunk), 1e-6);
    }
    double[][] same =
        StateSpaceModel.recurrence(decay(), input(), rows(c, STATES), rows(x, CHANNELS));
    assertArrayEquals(flat(same), flat(y), 1e-12);
  }
}
