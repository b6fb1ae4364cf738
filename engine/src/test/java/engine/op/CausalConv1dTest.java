package engine.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.autodiff.Gradients;
import engine.autodiff.Tape;
import engine.kernel.Walks;
import engine.op.scan.CausalConv1d;
import engine.op.scan.Scan;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import engine.testing.Fixture;
import engine.testing.Fixtures;
import engine.testing.OpCase;
import engine.testing.OpContract;
import engine.testing.SpecialValues;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class CausalConv1dTest {
  /** The formula in double; from = 0 and width = channels where x is not a slice. */
  private static OpCase.Oracle oracle(
      int batch, int length, int width, int from, int channels, int taps, boolean silu) {
    return in -> {
      double[] y = new double[batch * length * channels];
      for (int b = 0; b < batch; b++) {
        for (int l = 0; l < length; l++) {
          for (int c = 0; c < channels; c++) {
            double sum = in.length > 2 ? in[2][c] : 0;
            for (int k = 0; k < taps; k++) {
              int s = l - taps + 1 + k;
              if (s >= 0) {
                sum += in[1][c * taps + k] * in[0][(b * length + s) * width + from + c];
              }
            }
            y[(b * length + l) * channels + c] = silu ? sum / (1 + Math.exp(-sum)) : sum;
          }
        }
      }
      return y;
    };
  }

  @Property(tries = 25)
  void contract(
      @ForAll @IntRange(min = 1, max = 3) int batch,
      @ForAll @IntRange(min = 1, max = 17) int length,
      @ForAll @IntRange(min = 1, max = 67) int channels,
      @ForAll @IntRange(min = 1, max = 5) int taps,
      @ForAll boolean silu,
      @ForAll boolean biased,
      @ForAll long seed) {
    Shape x = Shape.of(batch, length, channels);
    Shape w = Shape.of(channels, 1, taps);
    CausalConv1d op = new CausalConv1d(silu);
    OpCase.Oracle oracle = oracle(batch, length, channels, 0, channels, taps, silu);
    OpContract.check(
        biased ? OpCase.of(op, oracle, x, w, Shape.of(channels)) : OpCase.of(op, oracle, x, w),
        seed);
  }

  @Property(tries = 15)
  void slice(
      @ForAll @IntRange(min = 0, max = 9) int from,
      @ForAll @IntRange(min = 1, max = 37) int channels,
      @ForAll @IntRange(min = 0, max = 5) int behind,
      @ForAll long seed) {
    int width = from + channels + behind;
    OpContract.check(
        OpCase.of(
            new CausalConv1d(true, from),
            oracle(2, 7, width, from, channels, 4, true),
            Shape.of(2, 7, width),
            Shape.of(channels, 1, 4),
            Shape.of(channels)),
        seed);
  }

  /** Rows met in other orders, with channels carried along behind those of the convolution. */
  @Property(tries = 25)
  void walks(
      @ForAll @IntRange(min = 1, max = 2) int clips,
      @ForAll @IntRange(min = 1, max = 4) int count,
      @ForAll @IntRange(min = 1, max = 3) int sequences,
      @ForAll @IntRange(min = 1, max = 9) int length,
      @ForAll @IntRange(min = 1, max = 37) int channels,
      @ForAll @IntRange(min = 0, max = 9) int carried,
      @ForAll @IntRange(min = 3, max = 4) int taps,
      @ForAll long seed) {
    Walks walks = WalksTest.drawn(count, sequences, length, seed);
    int from = 2;
    int width = from + channels + carried + 1;
    int rows = clips * walks.rows();
    OpCase.Oracle plain = oracle(rows / length, length, width, from, channels, taps, true);
    OpCase.Oracle oracle =
        in -> {
          double[] met = new double[rows * width];
          for (int r = 0; r < rows; r++) {
            System.arraycopy(in[0], walks.token(r) * width, met, r * width, width);
          }
          double[] sums = plain.apply(new double[][] {met, in[1], in[2]});
          double[] y = new double[rows * (channels + carried)];
          for (int r = 0; r < rows; r++) {
            int to = r * (channels + carried);
            System.arraycopy(sums, r * channels, y, to, channels);
            System.arraycopy(met, r * width + from + channels, y, to + channels, carried);
          }
          return y;
        };
    OpContract.check(
        OpCase.of(
            new CausalConv1d(true, from, carried, walks),
            oracle,
            Shape.of(clips, walks.tokens(), width),
            Shape.of(channels, 1, taps),
            Shape.of(channels)),
        seed);
  }

  @Test
  void manyRowsUseSegments() {
    OpContract.check(
        OpCase.of(
            new CausalConv1d(true),
            oracle(3, 401, 19, 0, 19, 4, true),
            Shape.of(3, 401, 19),
            Shape.of(19, 1, 4),
            Shape.of(19)),
        3);
  }

  @Test
  void emptyBatch() {
    Tensor y =
        Scan.causalConv1d(
            Tensor.zeros(Shape.of(0, 4, 3)), Tensor.zeros(Shape.of(3, 1, 2)), null, true);
    assertEquals(Shape.of(0, 4, 3), y.shape());
  }

  @Test
  void specialValues() {
    float[] special = SpecialValues.repeated(2 * 9 * 19);
    float[] ones = new float[19 * 4];
    java.util.Arrays.fill(ones, 1f);
    OpCase c =
        OpCase.of(
            new CausalConv1d(true),
            oracle(2, 9, 19, 0, 19, 4, true),
            Shape.of(2, 9, 19),
            Shape.of(19, 1, 4),
            Shape.of(19));
    OpContract.sameBits(c, new float[][] {special, ones, new float[19]}, 1);
    OpContract.sameBits(
        c,
        new float[][] {
          new float[special.length], SpecialValues.repeated(ones.length), SpecialValues.repeated(19)
        },
        2);
  }

  @Test
  void fixture() {
    Fixture f = Fixtures.load("causal_conv1d_silu");
    try (Tape tape = Tape.open()) {
      Tensor xLong = parameter(f, "in.x_long");
      Tensor xShort = parameter(f, "in.x_short");
      Tensor weight = parameter(f, "in.weight");
      Tensor bias = parameter(f, "in.bias");
      Tensor yLong = Scan.causalConv1d(xLong, weight, bias, true);
      Tensor yShort = Scan.causalConv1d(xShort, weight, bias, true);
      close(f, "out.y_long", yLong);
      close(f, "out.y_short", yShort);
      Gradients g =
          tape.backward(
              List.of(yLong, yShort),
              List.of(tensor(f, "lossw.y_long"), tensor(f, "lossw.y_short")));
      close(f, "grad.in.x_long", g.of(xLong));
      close(f, "grad.in.x_short", g.of(xShort));
      close(f, "grad.in.weight", g.of(weight));
      close(f, "grad.in.bias", g.of(bias));
    }
  }

  private static Tensor tensor(Fixture f, String name) {
    return Tensor.of(Shape.of(f.dims(name)), f.floats(name));
  }

  private static Tensor parameter(Fixture f, String name) {
    return tensor(f, name).asParameter();
  }

  private static void close(Fixture f, String name, Tensor got) {
    double error = Fixtures.error(got.toArray(), f.floats(name));
    assertTrue(error < 1e-6, name + ": " + error);
  }

  @Test
  void refusals() {
    Tensor x = Tensor.zeros(Shape.of(2, 5, 6));
    Tensor w = Tensor.zeros(Shape.of(7, 1, 4));
    String text =
        assertThrows(ShapeException.class, () -> Scan.causalConv1d(x, w, null, false)).getMessage();
    assertEquals("[causalConv1d] weight wants 7 channels, x has 6: x=[2,5,6] weight=[7,1,4]", text);
    assertThrows(
        ShapeException.class,
        () ->
            Scan.causalConv1d(
                x, 1, 0, Tensor.zeros(Shape.of(6, 1, 4)), null, Walks.straight(5, 5)));
    assertThrows(
        ShapeException.class,
        () ->
            Scan.causalConv1d(
                x, 0, 0, Tensor.zeros(Shape.of(6, 1, 4)), null, Walks.straight(6, 3)));
    assertThrows(
        ShapeException.class,
        () ->
            Scan.causalConv1d(
                x, Tensor.zeros(Shape.of(6, 1, 4)), Tensor.zeros(Shape.of(5)), false));
  }
}
