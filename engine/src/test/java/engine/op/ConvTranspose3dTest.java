package engine.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import engine.kernel.Padding3;
import engine.kernel.Stride3;
import engine.op.conv.Conv;
import engine.op.conv.ConvTranspose3d;
import engine.op.conv.Dilation2;
import engine.op.conv.Dilation3;
import engine.op.conv.OutputPadding2;
import engine.op.conv.OutputPadding3;
import engine.op.conv.Padding2;
import engine.op.conv.Stride2;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import engine.testing.OpCase;
import engine.testing.OpContract;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ConvTranspose3dTest {
  private static final Padding3 ONE_EACH = Padding3.both(1, 1, 1);

  /** The formula of {@link ConvTranspose3d} in double precision: every x spread by the weight. */
  private static OpCase.Oracle oracle(ConvTranspose3d op, Shape x, Shape w, boolean bias) {
    Shape y = op.infer(List.of(x, w));
    return in -> {
      double[] out = new double[y.size()];
      for (int i = 0; bias && i < out.length; i++) {
        out[i] = in[2][i / y.size(2, 5) % y.dim(1)];
      }
      for (int i = 0; i < x.size(); i++) {
        int[] at = {
          i / x.size(3, 5) % x.dim(2) * op.stride().t() - op.padding().front(),
          i / x.dim(4) % x.dim(3) * op.stride().h() - op.padding().top(),
          i % x.dim(4) * op.stride().w() - op.padding().left()
        };
        spread(op, x, w, y, i, at, in, out);
      }
      return out;
    };
  }

  private static void spread(
      ConvTranspose3d op, Shape x, Shape w, Shape y, int i, int[] at, double[][] in, double[] out) {
    int ci = i / x.size(2, 5) % x.dim(1);
    int first = ci / (x.dim(1) / op.groups()) * w.dim(1);
    for (int j = 0; j < w.size(1, 5); j++) {
      int t = at[0] + j / w.size(3, 5) % w.dim(2);
      int h = at[1] + j / w.dim(4) % w.dim(3);
      int v = at[2] + j % w.dim(4);
      if (t >= 0 && t < y.dim(2) && h >= 0 && h < y.dim(3) && v >= 0 && v < y.dim(4)) {
        int plane = i / x.size(1, 5) * y.dim(1) + first + j / w.size(2, 5);
        out[((plane * y.dim(2) + t) * y.dim(3) + h) * y.dim(4) + v] +=
            in[0][i] * in[1][ci * w.size(1, 5) + j];
      }
    }
  }

  private static OpCase conv(ConvTranspose3d op, Shape x, Shape w, boolean bias) {
    OpCase.Oracle oracle = oracle(op, x, w, bias);
    Shape channels = Shape.of(w.dim(1) * op.groups());
    return bias ? OpCase.of(op, oracle, x, w, channels) : OpCase.of(op, oracle, x, w);
  }

  /** Kernels, strides, unequal padding, output padding and groups, all small. */
  @Property(tries = 60)
  void anyShape(@ForAll long seed, @ForAll @IntRange(min = 1, max = 3) int groups) {
    OpContract.check(drawn(Drawn.of(seed), groups), seed);
  }

  private static OpCase drawn(Drawn d, int groups) {
    ConvTranspose3d op = OpCases.convTranspose(d, groups);
    Shape w = Shape.of(groups * d.next(1, 3), d.next(1, 4), d.next(2, 3), d.next(2, 3), 3);
    Shape x = Shape.of(d.next(1, 2), w.dim(0), d.next(2, 3), d.next(2, 5), d.next(2, 20));
    return conv(op, x, w, d.coin());
  }

  /** Several segments of 512, and rows longer than the lanes. */
  @Test
  void segments() {
    ConvTranspose3d op =
        new ConvTranspose3d(new Stride3(1, 2, 2), ONE_EACH, new OutputPadding3(0, 1, 1), 1);
    OpContract.check(conv(op, Shape.of(1, 83, 2, 3, 19), Shape.of(83, 7, 3, 3, 3), true), 5);
    ConvTranspose3d one = new ConvTranspose3d(Stride3.ONE, ONE_EACH, OutputPadding3.NONE, 1);
    OpContract.check(conv(one, Shape.of(1, 39, 2, 3, 37), Shape.of(39, 21, 3, 3, 3), false), 6);
  }

  /** The usual enlargement: kernel 4, stride 2, padding 1. */
  @Test
  void doublesAnImage() {
    ConvTranspose3d op =
        new ConvTranspose3d(new Stride3(1, 2, 2), Padding3.both(0, 1, 1), OutputPadding3.NONE, 1);
    OpCase c = conv(op, Shape.of(2, 5, 1, 7, 34), Shape.of(5, 6, 1, 4, 4), true);
    assertEquals(Shape.of(2, 6, 1, 14, 68), op.infer(c.shapes()));
    OpContract.check(c, 7);
  }

  /** A stride beyond the kernel leaves gaps that hold the bias alone. */
  @Test
  void strideBeyondKernel() {
    ConvTranspose3d op =
        new ConvTranspose3d(new Stride3(2, 3, 3), Padding3.NONE, new OutputPadding3(1, 0, 2), 1);
    OpContract.check(conv(op, Shape.of(1, 2, 2, 3, 9), Shape.of(2, 3, 1, 2, 1), true), 8);
    // Channels enough for products on panels.
    OpContract.sameBits(conv(op, Shape.of(1, 3, 2, 4, 4), Shape.of(3, 40, 1, 1, 1), true), 10);
  }

  @Test
  void noSamples() {
    ConvTranspose3d op = new ConvTranspose3d(Stride3.ONE, ONE_EACH, OutputPadding3.NONE, 1);
    OpContract.check(conv(op, Shape.of(0, 2, 3, 4, 5), Shape.of(2, 4, 3, 3, 3), true), 9);
  }

  @Test
  void imagesAreVolumesOfOneFrame() {
    Tensor x = Tensor.generate(Shape.of(2, 2, 5, 6), i -> Math.sin(i));
    Tensor w = Tensor.generate(Shape.of(2, 3, 3, 3), i -> Math.cos(i));
    Tensor y =
        Conv.convTranspose2d(
            x, w, null, Stride2.of(2), Padding2.of(1), new OutputPadding2(1, 0), Dilation2.ONE, 1);
    Tensor volume =
        Conv.convTranspose3d(
            x.view(Shape.of(2, 2, 1, 5, 6)),
            w.view(Shape.of(2, 3, 1, 3, 3)),
            null,
            new Stride3(1, 2, 2),
            Padding3.both(0, 1, 1),
            new OutputPadding3(0, 1, 0),
            Dilation3.ONE,
            1);
    assertEquals(Shape.of(2, 3, 10, 11), y.shape());
    assertArrayEquals(volume.toArray(), y.toArray());
  }

  @Test
  void wrongShapesAreNamed() {
    Shape weight = Shape.of(4, 2, 3, 3, 3);
    refused(
        "[convTranspose3d] weight wants 4 input channels, x has 3: x=[1,3,3,4,5]"
            + " weight=[4,2,3,3,3] groups=1",
        new ConvTranspose3d(Stride3.ONE, Padding3.NONE, OutputPadding3.NONE, 1),
        Shape.of(1, 3, 3, 4, 5),
        weight);
    refused(
        "[convTranspose3d] groups=3 must divide 4 input channels: x=[1,4,3,4,5]"
            + " weight=[4,2,3,3,3] groups=3",
        new ConvTranspose3d(Stride3.ONE, Padding3.NONE, OutputPadding3.NONE, 3),
        Shape.of(1, 4, 3, 4, 5),
        weight);
    refused(
        "[convTranspose3d] axis 3: output padding 2 wants a stride above it: x=[1,4,3,4,5]"
            + " weight=[4,2,3,3,3] groups=1",
        new ConvTranspose3d(new Stride3(1, 2, 1), Padding3.NONE, new OutputPadding3(0, 2, 0), 1),
        Shape.of(1, 4, 3, 4, 5),
        weight);
    refused(
        "[convTranspose3d] padding of 6 leaves nothing of axis 2: x=[1,4,3,4,5]"
            + " weight=[4,2,3,3,3] groups=1",
        new ConvTranspose3d(Stride3.ONE, Padding3.both(3, 0, 0), OutputPadding3.NONE, 1),
        Shape.of(1, 4, 3, 4, 5),
        weight);
    refused(
        "[convTranspose3d] bias wants [2]: x=[1,4,3,4,5] weight=[4,2,3,3,3] bias=[4] groups=1",
        new ConvTranspose3d(Stride3.ONE, Padding3.NONE, OutputPadding3.NONE, 1),
        Shape.of(1, 4, 3, 4, 5),
        weight,
        Shape.of(4));
  }

  private static void refused(String message, ConvTranspose3d op, Shape... shapes) {
    ShapeException e = assertThrows(ShapeException.class, () -> op.infer(List.of(shapes)));
    assertEquals(message, e.getMessage());
  }
}
