package engine.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.autodiff.Gradients;
import engine.autodiff.Tape;
import engine.kernel.Backends;
import engine.kernel.Padding3;
import engine.kernel.Stride3;
import engine.op.conv.Conv;
import engine.op.conv.Dilation3;
import engine.op.conv.OutputPadding3;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import engine.testing.Bits;
import engine.testing.Fixtures;
import engine.testing.OpContract;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Dilated convolutions against the plain reading, and against a weight with zeros in its gaps. */
class DilatedConvTest {
  private record Geometry(Stride3 stride, Padding3 padding, Dilation3 dilation, int groups) {
    static Geometry drawn(Drawn d) {
      return new Geometry(
          new Stride3(d.next(1, 2), d.next(1, 4), d.next(1, 6)),
          new Padding3(
              d.next(0, 2), d.next(0, 1), d.next(0, 3), d.next(0, 2), d.next(0, 4), d.next(0, 5)),
          new Dilation3(d.next(1, 2), d.next(1, 3), d.next(2, 4)),
          d.next(1, 2));
    }
  }

  private static Shape weight(Drawn d, int in, int out) {
    return Shape.of(out, in, d.next(1, 2), d.next(1, 3), d.next(1, 3));
  }

  private static Tensor values(Shape shape, Drawn d) {
    long first = d.next(0, 1 << 20);
    return Tensor.generate(shape, i -> Math.sin(first + 1.7 * i)).asParameter();
  }

  /** One chain over (ci,kt,kh,kw), as N1 and N3 say of few taps; absent operands are +0. */
  private static float[] plain(Geometry a, Tensor x, Tensor w, Tensor bias, Shape y) {
    float[] out = new float[y.size()];
    float[] weight = w.toArray();
    float[] shift = bias.toArray();
    Shape s = w.shape();
    for (int i = 0; i < out.length; i++) {
      int co = i / y.size(2, 5) % y.dim(1);
      int n = i / y.size(1, 5);
      float sum = 0f;
      for (int j = 0; j < s.size(1, 5); j++) {
        int channel = co / (s.dim(0) / a.groups) * s.dim(1) + j / s.size(2, 5);
        int t = i / y.size(3, 5) % y.dim(2) * a.stride.t();
        int h = i / y.dim(4) % y.dim(3) * a.stride.h();
        int v = i % y.dim(4) * a.stride.w();
        t += j / s.size(3, 5) % s.dim(2) * a.dilation.t() - a.padding.front();
        h += j / s.dim(4) % s.dim(3) * a.dilation.h() - a.padding.top();
        v += j % s.dim(4) * a.dilation.w() - a.padding.left();
        sum = Math.fma(weight[co * s.size(1, 5) + j], at(x, n, channel, t, h, v), sum);
      }
      out[i] = sum + shift[co];
    }
    return out;
  }

  private static float at(Tensor x, int n, int c, int t, int h, int w) {
    boolean inside = t >= 0 && t < x.dim(2) && h >= 0 && h < x.dim(3) && w >= 0 && w < x.dim(4);
    return inside
        ? x.toArray()[(((n * x.dim(1) + c) * x.dim(2) + t) * x.dim(3) + h) * x.dim(4) + w]
        : 0f;
  }

  @Property(tries = 40)
  void everyOutputIsThePlainSum(@ForAll long seed) {
    Drawn d = Drawn.of(seed);
    Geometry a = Geometry.drawn(d);
    Tensor w = values(weight(d, d.next(1, 3), a.groups * d.next(1, 3)), d);
    Tensor x = values(volume(d, a.groups * w.dim(1)), d);
    Tensor bias = values(Shape.of(w.dim(0)), d);
    Tensor y = Conv.conv3d(x, w, bias, a.stride, a.padding, a.dilation, a.groups);
    Bits.assertEqual(plain(a, x, w, bias, y.shape()), y.toArray(), a + " seed " + seed);
  }

  /** Large enough for every kernel and dilation that is drawn. */
  private static Shape volume(Drawn d, int channels) {
    return Shape.of(d.next(1, 2), channels, d.next(3, 4), d.next(7, 9), d.next(9, 14));
  }

  @Property(tries = 30)
  void gradientsAreThoseOfAWeightWithGaps(@ForAll long seed) {
    Drawn d = Drawn.of(seed);
    Geometry a = Geometry.drawn(d);
    Tensor w = values(weight(d, d.next(1, 3), a.groups * d.next(1, 3)), d);
    Tensor x = values(volume(d, a.groups * w.dim(1)), d);
    compare(
        a,
        x,
        w,
        (u, v) -> Conv.conv3d(u, v, null, a.stride, a.padding, a.dilation, a.groups),
        (u, v) -> Conv.conv3d(u, v, null, a.stride, a.padding, a.groups));
  }

  @Property(tries = 30)
  void transposedIsThatOfAWeightWithGaps(@ForAll long seed) {
    Drawn d = Drawn.of(seed);
    Geometry drawn = Geometry.drawn(d);
    Geometry a = new Geometry(drawn.stride, Padding3.both(0, 1, 1), drawn.dilation, drawn.groups);
    int last = d.next(0, a.stride.w() - 1);
    OutputPadding3 added = new OutputPadding3(0, 0, last);
    Shape taps = Shape.of(a.groups * d.next(1, 3), d.next(1, 3), d.next(1, 2), 3, d.next(2, 3));
    Tensor w = values(taps, d);
    Tensor x = values(Shape.of(2, w.dim(0), d.next(1, 3), d.next(2, 5), d.next(2, 9)), d);
    compare(
        a,
        x,
        w,
        (u, v) ->
            Conv.convTranspose3d(u, v, null, a.stride, a.padding, added, a.dilation, a.groups),
        (u, v) ->
            Conv.convTranspose3d(u, v, null, a.stride, a.padding, added, Dilation3.ONE, a.groups));
  }

  private static void compare(
      Geometry a, Tensor x, Tensor w, BinaryOperator<Tensor> dilated, BinaryOperator<Tensor> wide) {
    Tensor gaps = withGaps(w, a.dilation).asParameter();
    List<float[]> got = valueAndGradients(dilated, x, w);
    List<float[]> expected = new ArrayList<>(valueAndGradients(wide, x, gaps));
    expected.set(2, withoutGaps(Tensor.of(gaps.shape(), expected.get(2)), w.shape(), a.dilation));
    for (int i = 0; i < 3; i++) {
      double error = Fixtures.error(got.get(i), expected.get(i));
      assertTrue(error < 1e-5, a + ", " + x.shape() + w.shape() + ": " + i + " error " + error);
    }
  }

  private static List<float[]> valueAndGradients(BinaryOperator<Tensor> conv, Tensor x, Tensor w) {
    try (Tape tape = Tape.open()) {
      Tensor y = conv.apply(x, w);
      Tensor g = Tensor.generate(y.shape(), i -> Math.cos(0.3 * i));
      Gradients gradients = tape.backward(List.of(y), List.of(g));
      return List.of(y.toArray(), gradients.of(x).toArray(), gradients.of(w).toArray());
    }
  }

  private static int inGaps(int i, Shape w, Shape wide, Dilation3 d) {
    int t = i / w.size(3, 5) % w.dim(2) * d.t();
    int h = i / w.dim(4) % w.dim(3) * d.h();
    int v = i % w.dim(4) * d.w();
    return ((i / w.size(2, 5) * wide.dim(2) + t) * wide.dim(3) + h) * wide.dim(4) + v;
  }

  private static Tensor withGaps(Tensor w, Dilation3 d) {
    Shape s = w.shape();
    Shape wide =
        Shape.of(
            s.dim(0),
            s.dim(1),
            (s.dim(2) - 1) * d.t() + 1,
            (s.dim(3) - 1) * d.h() + 1,
            (s.dim(4) - 1) * d.w() + 1);
    float[] out = new float[wide.size()];
    float[] in = w.toArray();
    for (int i = 0; i < in.length; i++) {
      out[inGaps(i, s, wide, d)] = in[i];
    }
    return Tensor.of(wide, out);
  }

  private static float[] withoutGaps(Tensor wide, Shape w, Dilation3 d) {
    float[] in = wide.toArray();
    float[] out = new float[w.size()];
    for (int i = 0; i < out.length; i++) {
      out[i] = in[inGaps(i, w, wide.shape(), d)];
    }
    return out;
  }

  /** Composed of ops, each equal everywhere. */
  @Test
  void everyBackendGivesTheSameBits() {
    Tensor x = values(Shape.of(1, 6, 3, 9, 37), Drawn.of(1));
    Tensor w = values(Shape.of(8, 3, 2, 3, 3), Drawn.of(2));
    BinaryOperator<Tensor> conv =
        (u, v) ->
            Conv.conv3d(
                u,
                v,
                null,
                new Stride3(1, 1, 2),
                Padding3.both(1, 2, 3),
                new Dilation3(1, 2, 3),
                2);
    BinaryOperator<Tensor> both =
        (u, v) ->
            Conv.convTranspose3d(
                conv.apply(u, v),
                v,
                null,
                new Stride3(1, 2, 1),
                Padding3.both(0, 1, 1),
                new OutputPadding3(0, 1, 2),
                new Dilation3(1, 3, 3),
                2);
    List<float[]> expected = null;
    for (var backend : OpContract.backends().entrySet()) {
      List<float[]> got = Backends.with(backend.getValue(), () -> valueAndGradients(both, x, w));
      expected = expected == null ? got : expected;
      for (int i = 0; i < 3; i++) {
        Bits.assertEqual(expected.get(i), got.get(i), backend.getKey() + ": " + i);
      }
    }
  }

  @Test
  void noDilationIsTheUsualConvolution() {
    Tensor x = values(Shape.of(1, 2, 3, 4, 5), Drawn.of(3));
    Tensor w = values(Shape.of(3, 2, 2, 3, 3), Drawn.of(4));
    Padding3 padding = Padding3.both(1, 1, 1);
    assertArrayEquals(
        Conv.conv3d(x, w, null, Stride3.ONE, padding, 1).toArray(),
        Conv.conv3d(x, w, null, Stride3.ONE, padding, Dilation3.ONE, 1).toArray());
  }

  @Test
  void aKernelThatDoesNotFitIsNamed() {
    Tensor x = Tensor.zeros(Shape.of(1, 2, 3, 4, 5));
    Tensor w = Tensor.zeros(Shape.of(3, 2, 1, 3, 3));
    ShapeException e =
        assertThrows(
            ShapeException.class,
            () -> Conv.conv3d(x, w, null, Stride3.ONE, Padding3.NONE, new Dilation3(1, 2, 2), 1));
    assertEquals(
        "[conv3d] kernel of 3 with dilation 2 is larger than axis 3 of x: 4 + 0 + 0 padding:"
            + " x=[1,2,3,4,5] weight=[3,2,1,3,3]",
        e.getMessage());
  }
}
