package engine.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import engine.kernel.Padding3;
import engine.kernel.Stride3;
import engine.op.conv.Conv;
import engine.op.conv.Conv3d;
import engine.op.conv.Padding2;
import engine.op.conv.Stride2;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import engine.testing.OpCase;
import engine.testing.OpContract;
import engine.testing.SpecialValues;
import engine.testing.SplitMix;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class Conv3dTest {
  private static final Padding3 ONE_EACH = Padding3.both(1, 1, 1);

  /** The formula of {@link Conv3d} in double precision, one output at a time. */
  private static OpCase.Oracle oracle(Conv3d op, Shape x, Shape w, boolean bias) {
    Shape y = op.infer(List.of(x, w));
    int perGroup = w.dim(0) / op.groups();
    return in -> {
      double[] out = new double[y.size()];
      for (int i = 0; i < out.length; i++) {
        int wo = i % y.dim(4);
        int ho = i / y.dim(4) % y.dim(3);
        int to = i / y.size(3, 5) % y.dim(2);
        int co = i / y.size(2, 5) % y.dim(1);
        int n = i / y.size(1, 5);
        double sum = bias ? in[2][co] : 0;
        for (int ci = 0; ci < w.dim(1); ci++) {
          for (int kt = 0; kt < w.dim(2); kt++) {
            for (int kh = 0; kh < w.dim(3); kh++) {
              for (int kw = 0; kw < w.dim(4); kw++) {
                int t = to * op.stride().t() + kt - op.padding().front();
                int h = ho * op.stride().h() + kh - op.padding().top();
                int v = wo * op.stride().w() + kw - op.padding().left();
                if (t >= 0 && t < x.dim(2) && h >= 0 && h < x.dim(3) && v >= 0 && v < x.dim(4)) {
                  int c = co / perGroup * w.dim(1) + ci;
                  sum +=
                      in[1][
                              (((co * w.dim(1) + ci) * w.dim(2) + kt) * w.dim(3) + kh) * w.dim(4)
                                  + kw]
                          * in[0][
                              (((n * x.dim(1) + c) * x.dim(2) + t) * x.dim(3) + h) * x.dim(4) + v];
                }
              }
            }
          }
        }
        out[i] = op.relu() ? Math.max(0, sum) : sum;
      }
      return out;
    };
  }

  private static OpCase conv(Conv3d op, Shape x, Shape w, boolean bias) {
    OpCase.Oracle oracle = oracle(op, x, w, bias);
    return bias ? OpCase.of(op, oracle, x, w, Shape.of(w.dim(0))) : OpCase.of(op, oracle, x, w);
  }

  private static int draw(long seed, int index, int low, int high) {
    return low + (int) Math.floorMod(SplitMix.at(seed, index), (long) (high - low + 1));
  }

  /** Kernels, strides, unequal pads, groups, all small; a kernel may exceed the input it pads. */
  @Property(tries = 60)
  void anyShape(@ForAll long seed, @ForAll @IntRange(min = 1, max = 3) int groups) {
    int[] kernel = {draw(seed, 0, 1, 3), draw(seed, 1, 1, 3), draw(seed, 2, 1, 4)};
    Stride3 stride = new Stride3(draw(seed, 3, 1, 2), draw(seed, 4, 1, 2), draw(seed, 5, 1, 3));
    Padding3 padding =
        new Padding3(
            draw(seed, 6, 0, 2),
            draw(seed, 7, 0, 1),
            draw(seed, 8, 0, 2),
            draw(seed, 9, 0, 1),
            draw(seed, 10, 0, 2),
            draw(seed, 11, 0, 2));
    int t = Math.max(draw(seed, 12, 1, 4), kernel[0] - padding.front() - padding.back());
    int h = Math.max(draw(seed, 13, 1, 6), kernel[1] - padding.top() - padding.bottom());
    int w = Math.max(draw(seed, 14, 1, 9), kernel[2] - padding.left() - padding.right());
    int in = draw(seed, 15, 1, 3);
    int out = draw(seed, 16, 1, 5);
    Shape x = Shape.of(draw(seed, 17, 1, 3), in * groups, t, h, w);
    Shape weight = Shape.of(out * groups, in, kernel[0], kernel[1], kernel[2]);
    OpContract.check(conv(new Conv3d(stride, padding, groups), x, weight, (seed & 1) == 0), seed);
  }

  /** ReLU behind the sums: few channels, many, several groups, strides, with a bias and without. */
  @Test
  void rectified() {
    Stride3 two = new Stride3(1, 2, 2);
    OpContract.check(
        conv(
            new Conv3d(Stride3.ONE, ONE_EACH, 1, true),
            Shape.of(2, 3, 2, 5, 19),
            Shape.of(5, 3, 3, 3, 3),
            true),
        21);
    OpContract.check(
        conv(
            new Conv3d(two, Padding3.NONE, 2, true),
            Shape.of(1, 4, 1, 7, 9),
            Shape.of(6, 2, 1, 3, 3),
            false),
        22);
    OpContract.check(
        conv(
            new Conv3d(Stride3.ONE, Padding3.NONE, 1, true),
            Shape.of(2, 7, 1, 3, 6),
            Shape.of(40, 7, 1, 1, 1),
            true),
        23);
  }

  /** What is not a number stays so behind ReLU, and a zero is +0. */
  @Test
  void rectifiedSpecialValues() {
    Conv3d op = new Conv3d(Stride3.ONE, Padding3.NONE, 1, true);
    Shape one = Shape.of(1, 1, 1, 1, 1);
    Shape x = Shape.of(1, 1, 1, 1, 40);
    float[] values = SpecialValues.repeated(40);
    OpContract.sameBits(
        OpCase.of(op, oracle(op, x, one, false), x, one), new float[][] {values, {1}}, 24);
  }

  /** Several segments of 512 and rows longer than the lanes. */
  @Test
  void segments() {
    Conv3d op = new Conv3d(Stride3.ONE, ONE_EACH, 1);
    OpContract.check(conv(op, Shape.of(1, 39, 2, 3, 37), Shape.of(21, 39, 3, 3, 3), true), 5);
    OpContract.check(conv(op, Shape.of(2, 2, 3, 17, 35), Shape.of(3, 2, 3, 3, 3), false), 6);
  }

  /**
   * Channels enough for products on panels, forward or for the gradient of the input: small maps
   * whose rows, frames and samples share panels, several segments, groups.
   */
  @Property(tries = 30)
  void manyChannels(@ForAll long seed) {
    int groups = draw(seed, 0, 1, 2);
    boolean forward = (seed & 1) == 0;
    int few = draw(seed, 1, 1, 5);
    int many = draw(seed, 2, 32, 45);
    Stride3 stride = new Stride3(draw(seed, 3, 1, 2), draw(seed, 4, 1, 2), draw(seed, 5, 1, 2));
    Padding3 padding = Padding3.both(draw(seed, 6, 0, 1), draw(seed, 7, 0, 1), draw(seed, 8, 0, 2));
    int taps = draw(seed, 9, 1, 3);
    Shape x =
        Shape.of(
            draw(seed, 10, 1, 3),
            (forward ? few : many) * groups,
            draw(seed, 11, taps, 4),
            draw(seed, 12, 3, 7),
            draw(seed, 13, 3, 19));
    Shape weight = Shape.of((forward ? many : few) * groups, x.dim(1) / groups, taps, 3, 3);
    OpContract.sameBits(
        conv(new Conv3d(stride, padding, groups, (seed & 4) == 0), x, weight, (seed & 2) == 0),
        seed);
  }

  /** Inputs between the taps of a stride: their gradient is +0, also where channels are many. */
  @Test
  void inputsThatNoTapMeets() {
    Conv3d op = new Conv3d(new Stride3(2, 2, 1), ONE_EACH, 2);
    OpContract.sameBits(conv(op, Shape.of(2, 86, 2, 5, 4), Shape.of(4, 43, 1, 3, 3), false), 25);
    Conv3d whole = new Conv3d(new Stride3(2, 2, 2), Padding3.NONE, 1);
    OpContract.sameBits(conv(whole, Shape.of(1, 40, 3, 5, 8), Shape.of(3, 40, 1, 1, 1), true), 26);
  }

  /**
   * Rows as they are copied: whole ones, between zeros, every second element, cut off; shorter and
   * longer than the lanes and than what a call copies, the last of them at the end of memory.
   */
  @Test
  void rowsOfEveryKind() {
    Stride3 second = new Stride3(1, 2, 2);
    int seed = 20;
    for (int wide : new int[] {1, 2, 8, 15, 17, 35, 67}) {
      Shape x = Shape.of(2, 3, 1, 5, wide);
      OpContract.sameBits(
          conv(strided(Stride3.ONE, 0, 3), x, Shape.of(19, 3, 1, 1, 7), true), seed++);
      OpContract.sameBits(
          conv(strided(Stride3.ONE, 2, 0), x, Shape.of(19, 3, 1, 4, 1), false), seed++);
      OpContract.sameBits(conv(strided(second, 1, 1), x, Shape.of(33, 3, 1, 3, 3), true), seed++);
      OpContract.sameBits(conv(strided(second, 0, 0), x, Shape.of(7, 3, 1, 1, 1), false), seed++);
    }
  }

  /** Channels enough for the gradient of the weight as a product: segments, groups, joined rows. */
  @Test
  void gradWeightOfManyChannels() {
    Conv3d two = new Conv3d(Stride3.ONE, ONE_EACH, 2);
    OpContract.sameBits(conv(two, Shape.of(2, 4, 2, 9, 19), Shape.of(100, 2, 3, 3, 3), false), 40);
    Conv3d op = strided(Stride3.ONE, 1, 1);
    OpContract.sameBits(conv(op, Shape.of(1, 3, 3, 5, 8), Shape.of(49, 3, 2, 3, 3), false), 41);
    Conv3d one = strided(Stride3.ONE, 0, 0);
    OpContract.sameBits(conv(one, Shape.of(3, 5, 2, 8, 11), Shape.of(53, 5, 1, 1, 1), false), 42);
    OpContract.sameBits(conv(one, Shape.of(2, 17, 1, 1, 1), Shape.of(51, 17, 1, 1, 1), true), 43);
    Conv3d second = strided(new Stride3(2, 2, 2), 1, 2);
    OpContract.sameBits(
        conv(second, Shape.of(1, 2, 4, 9, 37), Shape.of(64, 2, 3, 3, 3), false), 44);
  }

  private static Conv3d strided(Stride3 stride, int high, int wide) {
    return new Conv3d(stride, Padding3.both(0, high, wide), 1);
  }

  @Test
  void panelsOfSeveralSegments() {
    Conv3d op = new Conv3d(Stride3.ONE, ONE_EACH, 1);
    OpContract.check(conv(op, Shape.of(2, 41, 2, 3, 7), Shape.of(33, 41, 3, 3, 3), true), 15);
    Conv3d one = new Conv3d(Stride3.ONE, Padding3.NONE, 1);
    OpContract.check(conv(one, Shape.of(3, 70, 1, 3, 5), Shape.of(50, 70, 1, 1, 1), false), 16);
  }

  @Test
  void manyOutputChannels() {
    Conv3d op = new Conv3d(Stride3.ONE, ONE_EACH, 1);
    OpContract.check(conv(op, Shape.of(1, 3, 2, 5, 6), Shape.of(83, 3, 3, 3, 3), true), 7);
  }

  @Test
  void pointwise() {
    Conv3d op = new Conv3d(Stride3.ONE, Padding3.NONE, 1);
    OpContract.check(conv(op, Shape.of(2, 19, 3, 8, 8), Shape.of(13, 19, 1, 1, 1), true), 8);
    OpContract.check(conv(op, Shape.of(1, 1, 1, 1, 1), Shape.of(1, 1, 1, 1, 1), true), 9);
  }

  @Test
  void depthwise() {
    Conv3d op = new Conv3d(Stride3.ONE, ONE_EACH, 6);
    OpContract.check(conv(op, Shape.of(2, 6, 3, 5, 18), Shape.of(6, 1, 3, 3, 3), true), 10);
  }

  /** The down-sampler of the video autoencoder: one zero right and below, stride 2. */
  @Test
  void strideTwoPaddedRightAndBottom() {
    Conv3d op = new Conv3d(new Stride3(1, 2, 2), new Padding3(0, 0, 0, 1, 0, 1), 1);
    OpContract.check(conv(op, Shape.of(2, 5, 1, 12, 68), Shape.of(9, 5, 1, 3, 3), true), 11);
  }

  @Test
  void patches() {
    Conv3d op = new Conv3d(new Stride3(1, 2, 2), Padding3.NONE, 1);
    OpContract.check(conv(op, Shape.of(3, 4, 1, 16, 16), Shape.of(20, 4, 1, 2, 2), true), 12);
  }

  /** A stride beyond the kernel leaves inputs that no output saw; their gradient is +0. */
  @Test
  void strideBeyondKernel() {
    Conv3d op = new Conv3d(new Stride3(2, 3, 3), Padding3.NONE, 1);
    OpContract.check(conv(op, Shape.of(1, 2, 5, 8, 40), Shape.of(3, 2, 1, 2, 1), false), 13);
  }

  /** No padding and no stride: inputs are read in place, along rows, planes or the whole volume. */
  @Test
  void valid() {
    Conv3d op = new Conv3d(Stride3.ONE, Padding3.NONE, 1);
    Shape weight = Shape.of(5, 3, 3, 3, 3);
    for (int width : new int[] {9, 64, 66, 70}) {
      OpContract.check(conv(op, Shape.of(2, 3, 4, 5, width), weight, true), 14);
    }
  }

  @Test
  void noSamples() {
    Conv3d op = new Conv3d(Stride3.ONE, ONE_EACH, 1);
    OpContract.check(conv(op, Shape.of(0, 2, 3, 4, 5), Shape.of(4, 2, 3, 3, 3), true), 15);
  }

  /** Infinities, denormals, huge and tiny values, both zeros; tiny products make negative zeros. */
  @Test
  void specialValues() {
    for (boolean relu : new boolean[] {false, true}) {
      Conv3d op = new Conv3d(new Stride3(1, 1, 2), ONE_EACH, 1, relu);
      ConvSpecialValues.sameBits(conv(op, Shape.of(1, 3, 3, 5, 38), Shape.of(5, 3, 3, 3, 3), true));
    }
  }

  @Test
  void imagesAreVolumesOfOneFrame() {
    Tensor x = Tensor.generate(Shape.of(2, 2, 5, 6), i -> Math.sin(i));
    Tensor w = Tensor.generate(Shape.of(3, 2, 3, 3), i -> Math.cos(i));
    Tensor y = Conv.conv2d(x, w, null, Stride2.of(2), new Padding2(0, 1, 0, 1), 1);
    Tensor volume =
        Conv.conv3d(
            x.view(Shape.of(2, 2, 1, 5, 6)),
            w.view(Shape.of(3, 2, 1, 3, 3)),
            null,
            new Stride3(1, 2, 2),
            new Padding3(0, 0, 0, 1, 0, 1),
            1);
    assertEquals(Shape.of(2, 3, 2, 3), y.shape());
    assertArrayEquals(volume.toArray(), y.toArray());
  }

  @Test
  void wrongShapesAreNamed() {
    refused(
        "[conv3d] weight wants 2 input channels, x has 3: x=[1,3,3,4,5] weight=[4,2,3,3,3]"
            + " groups=1",
        Shape.of(1, 3, 3, 4, 5),
        1);
    refused(
        "[conv3d] groups=3 must divide 6 input and 4 output channels: x=[1,6,3,4,5]"
            + " weight=[4,2,3,3,3] groups=3",
        Shape.of(1, 6, 3, 4, 5),
        3);
    refused(
        "[conv3d] x wants 5 axes [N,Ci,T,H,W]: x=[2,3,4,5] weight=[4,2,3,3,3] groups=1",
        Shape.of(2, 3, 4, 5),
        1);
    refused(
        "[conv3d] kernel of 3 is larger than axis 2 of x: 1 + 0 + 0 padding: x=[1,2,1,4,5]"
            + " weight=[4,2,3,3,3] groups=1",
        Shape.of(1, 2, 1, 4, 5),
        1);
    Conv3d op = new Conv3d(Stride3.ONE, Padding3.NONE, 1);
    ShapeException e =
        assertThrows(
            ShapeException.class,
            () -> op.infer(List.of(Shape.of(1, 2, 3, 4, 5), weight(2).shape(), Shape.of(5))));
    assertEquals(
        "[conv3d] bias wants [4]: x=[1,2,3,4,5] weight=[4,2,3,3,3] bias=[5] groups=1",
        e.getMessage());
  }

  private static Tensor weight(int in) {
    return Tensor.zeros(Shape.of(4, in, 3, 3, 3));
  }

  private static void refused(String message, Shape x, int groups) {
    Conv3d op = new Conv3d(Stride3.ONE, Padding3.NONE, groups);
    ShapeException e =
        assertThrows(ShapeException.class, () -> op.infer(List.of(x, weight(2).shape())));
    assertEquals(message, e.getMessage());
  }
}
