package engine.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.op.scan.MambaScan;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.testing.OpCase;
import engine.testing.OpContract;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MambaScanTest {
  /** The rows taken apart, dt through softplus, and the listing. */
  private static OpCase.Oracle oracle(SsdRecurrence size, int chunk) {
    int inner = size.heads() * size.headDim();
    int shared = size.groups() * size.state();
    int width = inner + 2 * shared + size.heads();
    int steps = size.batch() * size.length();
    return in -> {
      double[] dt = columns(in[0], steps, width, inner + 2 * shared, size.heads());
      for (int i = 0; i < dt.length; i++) {
        dt[i] = Math.log1p(Math.exp(dt[i] + in[1][i % size.heads()]));
      }
      return new SsdOracle(size, chunk)
          .run(
              columns(in[0], steps, width, 0, inner),
              dt,
              in[2],
              columns(in[0], steps, width, inner, shared),
              columns(in[0], steps, width, inner + shared, shared),
              in[3],
              null)
          .y();
    };
  }

  private static double[] columns(double[] rows, int steps, int width, int from, int count) {
    double[] out = new double[steps * count];
    for (int i = 0; i < steps; i++) {
      System.arraycopy(rows, i * width + from, out, i * count, count);
    }
    return out;
  }

  private static OpCase of(SsdRecurrence s, int chunk) {
    int width = s.heads() * s.headDim() + 2 * s.groups() * s.state() + s.heads();
    Shape perHead = Shape.of(s.heads());
    return OpCase.of(
            new MambaScan(s.heads(), s.groups(), s.state(), chunk),
            oracle(s, chunk),
            Shape.of(s.batch(), s.length(), width),
            perHead,
            perHead,
            perHead)
        .range(1, -3, 0)
        .range(2, -3, -0.1);
  }

  @Property(tries = 30)
  void contract(
      @ForAll @IntRange(min = 1, max = 2) int batch,
      @ForAll @IntRange(min = 1, max = 20) int length,
      @ForAll @IntRange(min = 1, max = 2) int groups,
      @ForAll @IntRange(min = 1, max = 2) int headsPerGroup,
      @ForAll @IntRange(min = 1, max = 19) int headDim,
      @ForAll @IntRange(min = 1, max = 19) int state,
      @ForAll @IntRange(min = 1, max = 24) int chunk,
      @ForAll long seed) {
    int heads = groups * headsPerGroup;
    OpContract.check(
        of(new SsdRecurrence(batch, length, heads, headDim, groups, state), chunk), seed);
  }

  /** The sizes of the model, two heads of it. */
  @Test
  void modelSize() {
    OpContract.check(of(new SsdRecurrence(1, 48, 2, 64, 1, 128), 256), 1);
  }

  @Test
  void refusals() {
    MambaScan op = new MambaScan(2, 1, 3, 8);
    Shape two = Shape.of(2);
    assertEquals(Shape.of(1, 4, 6), op.infer(Arrays.asList(Shape.of(1, 4, 14), two, two, two)));
    String text =
        assertThrows(
                ShapeException.class, () -> op.infer(List.of(Shape.of(1, 4, 13), two, two, two)))
            .getMessage();
    assertTrue(text.startsWith("[mambaScan] wants rows [batch,length,heads*headDim + 8]"), text);
    assertThrows(
        ShapeException.class, () -> op.infer(List.of(Shape.of(1, 4, 14), two, Shape.of(3), two)));
    assertThrows(IllegalArgumentException.class, () -> new MambaScan(3, 2, 4, 8));
    assertThrows(IllegalArgumentException.class, () -> new MambaScan(2, 1, 4, 0));
  }
}
