package engine.op;

import static engine.op.resample.Resample.maxPool2d;
import static engine.op.resample.Resample.maxPool2dCeil;
import static engine.op.resample.Resample.maxPool3d;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.autodiff.Gradients;
import engine.autodiff.Tape;
import engine.kernel.Padding3;
import engine.kernel.Stride3;
import engine.kernel.Window3;
import engine.op.conv.Padding2;
import engine.op.resample.MaxPool3d;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import engine.testing.OpCase;
import engine.testing.OpContract;
import engine.testing.SpecialValues;
import engine.testing.SplitMix;
import java.util.List;
import java.util.random.RandomGenerator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class MaxPool3dTest {
  @Property(tries = 40)
  void meetsTheContract(@ForAll long seed) {
    RandomGenerator d = new java.util.SplittableRandom(seed);
    Window3 kernel = new Window3(d.nextInt(1, 4), d.nextInt(1, 4), d.nextInt(1, 4));
    Stride3 stride = new Stride3(d.nextInt(1, 4), d.nextInt(1, 4), d.nextInt(1, 4));
    int t = kernel.t() + d.nextInt(0, 4);
    int h = kernel.h() + d.nextInt(0, 7);
    int w = kernel.w() + d.nextInt(0, 20);
    Padding3 padding =
        new Padding3(
            d.nextInt(0, kernel.t()),
            over(t, kernel.t(), stride.t()),
            d.nextInt(0, kernel.h()),
            0,
            d.nextInt(0, kernel.w()),
            over(w, kernel.w(), stride.w()));
    Shape x = Shape.of(d.nextInt(1, 4), t, h, w);
    MaxPool3d op = new MaxPool3d(kernel, stride, padding);
    Shape y = op.infer(List.of(x));
    OpCase c = OpCase.of(op, in -> pooled(in[0], x, y, op), x);
    OpContract.check(c, new float[][] {apart(x.size(), seed)}, seed);
  }

  /** At most so much that a last window still holds an element. */
  private static int over(int extent, int kernel, int stride) {
    return extent % stride == 0 ? 0 : Math.min(kernel, stride) - 1;
  }

  /** The numbers -1, -0.99, -0.98, ... shuffled: no difference meets a change of the largest. */
  private static float[] apart(int n, long seed) {
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      int at = (int) Math.floorMod(SplitMix.at(seed, i), (long) i + 1);
      x[i] = x[at];
      x[at] = i * 0.01f - 1;
    }
    return x;
  }

  private static double[] pooled(double[] x, Shape in, Shape out, MaxPool3d op) {
    double[] y = new double[out.size()];
    for (int i = 0; i < y.length; i++) {
      int left = i % out.dim(3) * op.stride().w() - op.padding().left();
      int top = i / out.dim(3) % out.dim(2) * op.stride().h() - op.padding().top();
      int front = i / out.size(2, 4) % out.dim(1) * op.stride().t() - op.padding().front();
      int volume = i / out.size(1, 4);
      double most = Double.NEGATIVE_INFINITY;
      for (int t = Math.max(0, front); t < Math.min(front + op.kernel().t(), in.dim(1)); t++) {
        for (int h = Math.max(0, top); h < Math.min(top + op.kernel().h(), in.dim(2)); h++) {
          for (int w = Math.max(0, left); w < Math.min(left + op.kernel().w(), in.dim(3)); w++) {
            int at = ((volume * in.dim(1) + t) * in.dim(2) + h) * in.dim(3) + w;
            most = Math.max(most, x[at]);
          }
        }
      }
      y[i] = most;
    }
    return y;
  }

  /** PyTorch's sizes: a last window begins inside the picture. */
  @Test
  void ceilKeepsWhatIsLeftOver() {
    assertEquals(Shape.of(2, 3), maxPool2d(Tensor.zeros(Shape.of(5, 7)), 2, 2).shape());
    assertEquals(Shape.of(3, 4), maxPool2dCeil(Tensor.zeros(Shape.of(5, 7)), 2, 2).shape());
    assertEquals(Shape.of(1, 2), maxPool2dCeil(Tensor.zeros(Shape.of(4, 5)), 2, 4).shape());
    assertEquals(Shape.of(27, 27), maxPool2dCeil(Tensor.zeros(Shape.of(55, 55)), 3, 2).shape());
    assertEquals(Shape.of(4, 4), maxPool2dCeil(Tensor.zeros(Shape.of(7, 7)), 2, 2).shape());
    assertEquals(Shape.of(2, 2), maxPool2dCeil(Tensor.zeros(Shape.of(6, 7)), 2, 4).shape());
    Tensor five = Tensor.of(Shape.of(1, 5), 1f, 2f, 3f, 4f, 5f);
    assertArrayEquals(new float[] {1f, 3f, 5f}, maxPool2dCeil(five, 1, 2).toArray());
  }

  /** What stands out is never the largest, not even of negative numbers. */
  @Test
  void paddingIsNotSeen() {
    Tensor x = Tensor.of(Shape.of(1, 2, 2), -1f, -2f, -3f, -4f);
    Tensor y = maxPool2d(x, 3, 1, Padding2.of(1));
    assertArrayEquals(new float[] {-1f, -1f, -1f, -1f}, y.toArray());
    Tensor shifted = maxPool2d(x, 2, 2, new Padding2(1, 1, 1, 1));
    assertArrayEquals(x.toArray(), shifted.toArray());
  }

  /** Of equal values the first is taken, and windows that overlap add up. */
  @Test
  void theGradientGoesToTheFirstOfTheLargest() {
    Tensor x = Tensor.of(Shape.of(1, 5), 2f, 2f, 1f, 5f, 0f).asParameter();
    try (Tape tape = Tape.open()) {
      assertArrayEquals(x.toArray(), maxPool2d(x, 1, 1).toArray());
    }
    Tensor two = Tensor.of(Shape.of(2, 3), 4f, 4f, 1f, 0f, 4f, 4f).asParameter();
    try (Tape tape = Tape.open()) {
      Tensor y = maxPool2d(two, 2, 1);
      Gradients g = tape.backward(List.of(y), List.of(Tensor.of(y.shape(), 10f, 100f)));
      assertArrayEquals(new float[] {10f, 100f, 0f, 0f, 0f, 0f}, g.of(two).toArray());
    }
  }

  @Test
  void oddValuesGiveTheSameBits() {
    Shape x = Shape.of(1, 2, 8, 8);
    MaxPool3d op =
        new MaxPool3d(new Window3(2, 3, 3), new Stride3(1, 2, 1), Padding3.both(0, 1, 1));
    Shape y = op.infer(List.of(x));
    OpCase c = OpCase.of(op, in -> pooled(in[0], x, y, op), x);
    OpContract.sameBits(c, new float[][] {SpecialValues.repeated(128)}, 1);
    float[] nan = {1f, Float.NaN, 3f, 2f};
    assertTrue(Float.isNaN(maxPool2d(Tensor.of(Shape.of(2, 2), nan), 2, 2).item()));
    Tensor zero = maxPool2d(Tensor.of(Shape.of(2, 2), -0f, -0f, -0f, -0f), 2, 2);
    assertEquals(0, Float.floatToRawIntBits(zero.item()));
  }

  @Test
  void aWindowMustFit() {
    Tensor x = Tensor.zeros(Shape.of(2, 3, 2));
    Exception e = assertThrows(ShapeException.class, () -> maxPool2d(x, 3, 2));
    assertTrue(e.getMessage().contains("x=[2,1,3,2]"), e.getMessage());
    assertThrows(ShapeException.class, () -> maxPool2d(x, 2, 2, Padding2.of(2)));
    Window3 two = new Window3(2, 1, 1);
    Padding3 behind = new Padding3(0, 3, 0, 0, 0, 0);
    assertThrows(ShapeException.class, () -> maxPool3d(x, two, Stride3.ONE, behind));
  }
}
