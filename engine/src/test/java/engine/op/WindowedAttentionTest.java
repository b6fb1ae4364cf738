package engine.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.autodiff.Gradients;
import engine.autodiff.Tape;
import engine.op.attention.Attention;
import engine.op.attention.WindowSpec;
import engine.op.attention.WindowSpec.Bucketed;
import engine.op.attention.WindowSpec.Sliding;
import engine.op.attention.WindowedAttention;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import engine.testing.Fixture;
import engine.testing.Fixtures;
import engine.testing.OpCase;
import engine.testing.OpContract;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class WindowedAttentionTest {
  @Property(tries = 25)
  void sliding(
      @ForAll @IntRange(min = 0, max = 3) int batch,
      @ForAll @IntRange(min = 1, max = 40) int length,
      @ForAll @IntRange(min = 1, max = 3) int heads,
      @ForAll @IntRange(min = 1, max = 21) int dim,
      @ForAll @IntRange(min = 1, max = 23) int window,
      @ForAll boolean masked,
      @ForAll long seed) {
    OpContract.check(attention(new Sliding(heads, window), batch, length, dim, masked), seed);
  }

  @Property(tries = 25)
  void bucketed(
      @ForAll @IntRange(min = 1, max = 2) int batch,
      @ForAll @IntRange(min = 1, max = 4) int buckets,
      @ForAll @IntRange(min = 1, max = 2) int heads,
      @ForAll @IntRange(min = 1, max = 9) int half,
      @ForAll @IntRange(min = 1, max = 9) int window,
      @ForAll @IntRange(min = 0, max = 2) int backward,
      @ForAll @IntRange(min = 0, max = 2) int forward,
      @ForAll boolean exact,
      @ForAll boolean masked,
      @ForAll long seed) {
    Bucketed spec = new Bucketed(heads, window, backward, forward, exact);
    OpContract.check(attention(spec, batch, buckets * window, 2 * half, masked), seed);
  }

  /** Chains of more than one segment of N1, over channels and over keys, and long sequences. */
  @Example
  void segments() {
    OpContract.check(attention(new Sliding(1, 3), 1, 5, 1100, false), 1);
    OpContract.check(attention(new Sliding(1, 1), 1, 70, 128, false), 2);
    OpContract.sameBits(
        attention(new Sliding(1, 1400), 1, 700, 2, false),
        new float[][] {ramp(1400, 0.1f), ramp(1400, 0.2f), ramp(1400, 0.3f)},
        3);
  }

  private static float[] ramp(int n, float step) {
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = (float) StrictMath.sin(step * i);
    }
    return x;
  }

  @Example
  void specialValues() {
    OpCase c = attention(new Sliding(2, 4), 1, 11, 9, false);
    float[][] in = {ramp(198, 0.3f), ramp(198, 0.5f), ramp(198, 0.7f)};
    in[0][20] = -0f;
    in[0][60] = 1e30f;
    in[1][100] = Float.MIN_VALUE;
    in[1][150] = -3e38f;
    in[2][9] = Float.MIN_NORMAL;
    OpContract.sameBits(c, in, 1);
    in[2][120] = Float.NaN;
    OpContract.sameBits(c, in, 2);
  }

  @Example
  void fixtures() {
    for (String name : List.of("local_attention_long", "local_attention_short")) {
      Fixture f = Fixtures.load(name);
      Tensor q = parameter(f, "in.q");
      Tensor k = parameter(f, "in.k");
      Tensor v = parameter(f, "in.v");
      Tensor frequency = tensor(f, "param.rel_pos.inv_freq");
      assertTrue(
          Fixtures.error(Attention.inverseFrequency(32).toArray(), frequency.toArray()) < 1e-6);
      try (Tape tape = Tape.open()) {
        Tensor table = Attention.rotaryTable(frequency, Bucketed.REFERENCE);
        Tensor y = Attention.windowed(q, k, v, table, Bucketed.REFERENCE);
        Gradients g = tape.backward(List.of(y), List.of(tensor(f, "lossw.y")));
        close(f, name, "out.y", y);
        close(f, name, "grad.in.q", g.of(q));
        close(f, name, "grad.in.k", g.of(k));
        close(f, name, "grad.in.v", g.of(v));
      }
    }
  }

  private static void close(Fixture f, String name, String tensor, Tensor got) {
    double error = Fixtures.error(got.toArray(), f.floats(tensor));
    assertTrue(error < 5e-6, name + " " + tensor + ": error " + error);
  }

  private static Tensor tensor(Fixture f, String name) {
    return Tensor.of(Shape.of(f.dims(name)), f.floats(name));
  }

  private static Tensor parameter(Fixture f, String name) {
    return tensor(f, name).asParameter();
  }

  @Example
  void errors() {
    Tensor x = Tensor.zeros(Shape.of(1, 12, 4));
    Tensor table = Attention.rotaryTable(Attention.inverseFrequency(4), Bucketed.REFERENCE);
    assertEquals(
        "[windowedAttention] length 12 is no multiple of the window 8: q=[1,12,4] k=[1,12,4]"
            + " v=[1,12,4] table=[2,24,2] spec=Bucketed[heads=1, window=8, lookBackward=1,"
            + " lookForward=1, exact=true]",
        assertThrows(
                ShapeException.class, () -> Attention.windowed(x, x, x, table, Bucketed.REFERENCE))
            .getMessage());
    Tensor other = Tensor.zeros(Shape.of(1, 11, 4));
    assertThrows(ShapeException.class, () -> Attention.windowed(x, other, x, new Sliding(2, 8)));
    assertThrows(ShapeException.class, () -> Attention.windowed(x, x, x, new Sliding(3, 8)));
    assertThrows(ShapeException.class, () -> Attention.windowed(x, x, x, new Sliding(2, 8), other));
    assertThrows(IllegalArgumentException.class, () -> new Sliding(0, 8));
  }

  private static OpCase attention(WindowSpec spec, int batch, int length, int dim, boolean masked) {
    Shape x = Shape.of(batch, length, spec.heads() * dim);
    List<Shape> shapes = new ArrayList<>(List.of(x, x, x));
    if (spec instanceof Bucketed b) {
      shapes.add(Shape.of(2, b.positions(), dim / 2));
    }
    if (masked) {
      shapes.add(Shape.of(batch, spec.heads(), length, spec.slots()));
    }
    OpCase.Oracle oracle = in -> oracle(spec, batch, length, dim, masked, in);
    OpCase c = OpCase.of(new WindowedAttention(spec, masked), oracle, shapes.toArray(Shape[]::new));
    for (int i = 3; i < shapes.size(); i++) {
      c = c.constant(i);
    }
    return c.tolerance(2e-5);
  }

  private static double[] oracle(
      WindowSpec spec, int batch, int length, int dim, boolean masked, double[][] in) {
    int width = spec.heads() * dim;
    double[] y = new double[batch * length * width];
    for (int b = 0; b < batch; b++) {
      for (int h = 0; h < spec.heads(); h++) {
        for (int i = 0; i < length; i++) {
          double[] e = new double[length];
          double sum = 0;
          for (int j = 0; j < length; j++) {
            if (sees(spec, i, j)) {
              double[] qi = row(in[0], (b * length + i) * width + h * dim, dim);
              double[] kj = row(in[1], (b * length + j) * width + h * dim, dim);
              if (spec instanceof Bucketed s) {
                int w = s.window();
                qi = rotate(qi, in[3], w * (s.lookBackward() + s.lookForward()) + i % w);
                kj = rotate(kj, in[3], j - w * (i / w) + w * s.lookBackward());
              }
              double dot = 0;
              for (int c = 0; c < dim; c++) {
                dot += qi[c] * kj[c];
              }
              e[j] = Math.exp(dot / Math.sqrt(dim));
              sum += e[j];
            }
          }
          for (int j = 0; j < length; j++) {
            if (sees(spec, i, j)) {
              int slot = j - i + spec.back();
              int at = ((b * spec.heads() + h) * length + i) * spec.slots() + slot;
              double weight = e[j] / sum * (masked ? in[in.length - 1][at] : 1);
              for (int c = 0; c < dim; c++) {
                y[(b * length + i) * width + h * dim + c] +=
                    weight * in[2][(b * length + j) * width + h * dim + c];
              }
            }
          }
        }
      }
    }
    return y;
  }

  private static boolean sees(WindowSpec spec, int i, int j) {
    return switch (spec) {
      case Sliding s -> Math.abs(i - j) <= s.window() / 2;
      case Bucketed s -> {
        int apart = j / s.window() - i / s.window();
        boolean near = -s.lookBackward() <= apart && apart <= s.lookForward();
        boolean within =
            i - j <= s.window() * s.lookBackward() && j - i <= s.window() * s.lookForward();
        yield near && (within || !s.exact());
      }
    };
  }

  private static double[] row(double[] x, int at, int dim) {
    return java.util.Arrays.copyOfRange(x, at, at + dim);
  }

  private static double[] rotate(double[] x, double[] table, int position) {
    int half = x.length / 2;
    double[] y = new double[x.length];
    for (int c = 0; c < half; c++) {
      double cos = table[position * half + c];
      double sin = table[table.length / 2 + position * half + c];
      y[c] = x[c] * cos - x[half + c] * sin;
      y[half + c] = x[half + c] * cos + x[c] * sin;
    }
    return y;
  }
}
