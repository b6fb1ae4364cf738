package engine.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import engine.autodiff.Tape;
import engine.kernel.Padding3;
import engine.kernel.Stride3;
import engine.op.conv.Conv;
import engine.op.conv.Conv3d;
import engine.op.conv.WinogradConv3d;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import engine.testing.OpCase;
import engine.testing.OpContract;
import engine.testing.SplitMix;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class WinogradConv3dTest {
  private static final Padding3 ONE_EACH = Padding3.both(1, 1, 1);

  /** The plain convolution of stride 1 in double precision. */
  private static OpCase conv(Padding3 padding, Shape x, Shape w, boolean bias) {
    WinogradConv3d op = new WinogradConv3d(padding);
    OpCase.Oracle oracle = oracle(padding, x, w, op.infer(List.of(x, w)), bias);
    return bias ? OpCase.of(op, oracle, x, w, Shape.of(w.dim(0))) : OpCase.of(op, oracle, x, w);
  }

  private static OpCase.Oracle oracle(Padding3 padding, Shape x, Shape w, Shape y, boolean bias) {
    int taps = w.dim(2) * 9;
    return in -> {
      double[] out = new double[y.size()];
      for (int i = 0; i < out.length; i++) {
        int co = i / y.size(2, 5) % y.dim(1);
        double sum = bias ? in[2][co] : 0;
        for (int k = 0; k < w.dim(1) * taps; k++) {
          int t = i / y.size(3, 5) % y.dim(2) + k / 9 % w.dim(2) - padding.front();
          int h = i / y.dim(4) % y.dim(3) + k / 3 % 3 - padding.top();
          int v = i % y.dim(4) + k % 3 - padding.left();
          if (t >= 0 && t < x.dim(2) && h >= 0 && h < x.dim(3) && v >= 0 && v < x.dim(4)) {
            int channel = i / y.size(1, 5) * x.dim(1) + k / taps;
            int from = ((channel * x.dim(2) + t) * x.dim(3) + h) * x.dim(4) + v;
            sum += in[1][co * w.dim(1) * taps + k] * in[0][from];
          }
        }
        out[i] = sum;
      }
      return out;
    };
  }

  private static int draw(long seed, int index, int low, int high) {
    return low + (int) Math.floorMod(SplitMix.at(seed, index), (long) (high - low + 1));
  }

  /** Time taps, unequal pads, extents odd and even, tiles that fill no vector. */
  @Property(tries = 60)
  void anyShape(@ForAll long seed) {
    int taps = draw(seed, 0, 1, 3);
    Padding3 padding =
        new Padding3(
            draw(seed, 1, 0, taps - 1),
            draw(seed, 2, 0, 1),
            draw(seed, 3, 0, 2),
            draw(seed, 4, 0, 1),
            draw(seed, 5, 0, 2),
            draw(seed, 6, 0, 2));
    int t = Math.max(draw(seed, 7, 1, 4), taps - padding.front() - padding.back());
    int h = Math.max(draw(seed, 8, 1, 7), 3 - padding.top() - padding.bottom());
    int w = Math.max(draw(seed, 9, 1, 20), 3 - padding.left() - padding.right());
    int in = draw(seed, 10, 1, 4);
    Shape x = Shape.of(draw(seed, 11, 0, 2), in, t, h, w);
    Shape weight = Shape.of(draw(seed, 12, 1, 14), in, taps, 3, 3);
    OpContract.check(conv(padding, x, weight, (seed & 1) == 0), seed);
  }

  /** Several segments of 512 products per point, several panels of tiles. */
  @Test
  void segments() {
    Shape weight = Shape.of(3, 211, 3, 3, 3);
    OpContract.check(conv(ONE_EACH, Shape.of(1, 211, 2, 2, 19), weight, true), 5);
    OpContract.check(
        conv(Padding3.both(0, 1, 1), Shape.of(1, 2, 1, 21, 70), Shape.of(7, 2, 1, 3, 3), true), 6);
  }

  /** ReLU behind the results, also where few tiles share panels and where tasks are large. */
  @Test
  void rectified() {
    Padding3 around = Padding3.both(0, 1, 1);
    WinogradConv3d op = new WinogradConv3d(around, true);
    // Few values, so that no difference quotient meets a kink.
    OpContract.check(of(op, Shape.of(1, 2, 1, 5, 6), Shape.of(3, 2, 1, 3, 3)), 31);
    OpContract.sameBits(of(op, Shape.of(2, 3, 1, 9, 21), Shape.of(7, 3, 1, 3, 3)), 32);
    OpContract.sameBits(of(op, Shape.of(1, 20, 1, 5, 6), Shape.of(29, 20, 1, 3, 3)), 33);
  }

  private static OpCase of(WinogradConv3d op, Shape x, Shape w) {
    Shape y = op.infer(List.of(x, w));
    OpCase.Oracle linear = oracle(op.padding(), x, w, y, true);
    OpCase.Oracle oracle =
        in -> Arrays.stream(linear.apply(in)).map(v -> op.relu() ? Math.max(0, v) : v).toArray();
    return OpCase.of(op, oracle, x, w, Shape.of(w.dim(0)));
  }

  /** Weights that the third-level cache does not keep, for which tasks are cut in another way. */
  @Test
  void wideWeights() {
    Shape weight = Shape.of(170, 180, 1, 3, 3);
    Padding3 around = Padding3.both(0, 1, 1);
    OpContract.sameBits(conv(around, Shape.of(2, 180, 1, 5, 37), weight, false), 10);
  }

  /** Few tiles: frames share panels, and weights are transformed where they are multiplied. */
  @Test
  void smallFrames() {
    Shape weight = Shape.of(29, 20, 3, 3, 3);
    OpContract.check(conv(Padding3.both(1, 1, 1), Shape.of(1, 20, 5, 5, 6), weight, true), 8);
    OpContract.check(
        conv(Padding3.both(2, 2, 2), Shape.of(2, 3, 7, 9, 7), Shape.of(5, 3, 3, 3, 3), true), 9);
  }

  /** More frames than one task takes. */
  @Test
  void manyFrames() {
    Shape weight = Shape.of(5, 2, 3, 3, 3);
    OpContract.check(conv(Padding3.NONE, Shape.of(1, 2, 19, 6, 34), weight, false), 7);
  }

  /** Infinities, denormals, huge and tiny values, both zeros. */
  @Test
  void specialValues() {
    for (boolean relu : new boolean[] {false, true}) {
      WinogradConv3d op = new WinogradConv3d(ONE_EACH, relu);
      ConvSpecialValues.sameBits(of(op, Shape.of(1, 3, 3, 5, 38), Shape.of(5, 3, 3, 3, 3)));
    }
  }

  /** Enough channels and pixels: this form; otherwise, and for strides, the direct one. */
  @Test
  void shapesAloneChoose() {
    assertEquals(true, isWinograd(64, 64, 32, Stride3.ONE));
    assertEquals(false, isWinograd(63, 64, 32, Stride3.ONE));
    assertEquals(false, isWinograd(64, 63, 32, Stride3.ONE));
    assertEquals(false, isWinograd(64, 64, 31, Stride3.ONE));
    assertEquals(false, isWinograd(64, 64, 32, new Stride3(1, 2, 2)));
    assertEquals(true, isWinograd(256, 256, 16, 3, Stride3.ONE));
    assertEquals(false, isWinograd(256, 256, 16, 1, Stride3.ONE));
    assertEquals(false, isWinograd(255, 256, 16, 3, Stride3.ONE));
    assertEquals(false, isWinograd(256, 256, 15, 3, Stride3.ONE));
  }

  private static boolean isWinograd(int in, int out, int side, Stride3 stride) {
    return isWinograd(in, out, side, 1, stride);
  }

  private static boolean isWinograd(int in, int out, int side, int taps, Stride3 stride) {
    Padding3 padding = Padding3.both(0, 1, 1);
    Tensor x = Tensor.generate(Shape.of(1, in, taps, side, side), i -> Math.sin(i));
    Tensor w = Tensor.generate(Shape.of(out, in, taps, 3, 3), i -> Math.cos(3 * i));
    try (Tape scope = Tape.noGrad()) {
      float[] direct = Tape.apply(new Conv3d(stride, padding, 1), x, w).toArray();
      float[] chosen = Conv.conv3d(x, w, null, stride, padding, 1).toArray();
      double worst = 0;
      for (int i = 0; i < direct.length; i++) {
        worst = Math.max(worst, Math.abs(direct[i] - chosen[i]));
      }
      assertEquals(0, worst, 2e-4);
      return worst != 0;
    }
  }

  @Test
  void wrongShapesAreNamed() {
    WinogradConv3d op = new WinogradConv3d(Padding3.both(0, 1, 1));
    ShapeException e =
        assertThrows(
            ShapeException.class,
            () -> op.infer(List.of(Shape.of(1, 2, 3, 4, 5), Shape.of(4, 2, 1, 2, 3))));
    assertEquals(
        "[winogradConv3d] wants a kernel [kT,3,3] and a padding below kT, 3 and 3:"
            + " weight=[4,2,1,2,3] "
            + op.padding(),
        e.getMessage());
  }
}
