package engine.op;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.elementwise.Elementwise.affine;
import static engine.op.elementwise.Elementwise.gateAdd;
import static engine.op.elementwise.Elementwise.modulate;
import static engine.op.elementwise.Elementwise.mul;
import static engine.op.layout.Layout.reshape;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.autodiff.Gradients;
import engine.autodiff.Tape;
import engine.kernel.Backends;
import engine.kernel.Kernels;
import engine.op.elementwise.GateAdd;
import engine.op.elementwise.Modulate;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import engine.testing.Bits;
import engine.testing.OpCase;
import engine.testing.OpContract;
import engine.testing.SplitMix;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TokensTest {
  @Property(tries = 15)
  void modulateContract(
      @ForAll @IntRange(min = 1, max = 3) int b,
      @ForAll @IntRange(min = 1, max = 9) int t,
      @ForAll @IntRange(min = 1, max = 70) int d,
      @ForAll long seed) {
    OpContract.check(modulateCase(b, t, d), seed);
  }

  @Property(tries = 15)
  void gateAddContract(
      @ForAll @IntRange(min = 1, max = 3) int b,
      @ForAll @IntRange(min = 1, max = 9) int t,
      @ForAll @IntRange(min = 1, max = 70) int d,
      @ForAll long seed) {
    OpContract.check(gateAddCase(b, t, d), seed);
  }

  /** Long enough for several chains, blocks and ranges. */
  @Test
  void largeContracts() {
    for (int[] s : new int[][] {{1, 1100, 37}, {2, 300, 128}, {1, 5000, 1}, {2, 700, 3}}) {
      OpContract.check(modulateCase(s[0], s[1], s[2]).tolerance(1e-4), 3);
      OpContract.check(gateAddCase(s[0], s[1], s[2]).tolerance(1e-4), 4);
    }
  }

  @Test
  void emptyContracts() {
    OpContract.sameBits(modulateCase(0, 3, 5), new float[][] {{}, {}, {}}, 1);
    OpContract.sameBits(modulateCase(1, 0, 2), new float[][] {{}, {1, 2}, {3, 4}}, 1);
    OpContract.sameBits(gateAddCase(1, 0, 2), new float[][] {{}, {1, 2}, {}}, 1);
    OpContract.sameBits(gateAddCase(2, 3, 0), new float[][] {{}, {}, {}}, 1);
  }

  private static OpCase modulateCase(int b, int t, int d) {
    OpCase.Oracle oracle =
        in -> {
          double[] y = new double[b * t * d];
          for (int i = 0; i < y.length; i++) {
            int v = i / (t * d) * d + i % d;
            y[i] = in[0][i] * (1 + in[2][v]) + in[1][v];
          }
          return y;
        };
    return OpCase.of(new Modulate(), oracle, Shape.of(b, t, d), Shape.of(b, d), Shape.of(b, d));
  }

  private static OpCase gateAddCase(int b, int t, int d) {
    OpCase.Oracle oracle =
        in -> {
          double[] y = new double[b * t * d];
          for (int i = 0; i < y.length; i++) {
            y[i] = in[0][i] + in[1][i / (t * d) * d + i % d] * in[2][i];
          }
          return y;
        };
    return OpCase.of(new GateAdd(), oracle, Shape.of(b, t, d), Shape.of(b, d), Shape.of(b, t, d));
  }

  /** One fused op and the ops that it stands for agree in every bit of value and gradients. */
  @Property(tries = 15)
  void fusedEqualsComposed(
      @ForAll @IntRange(min = 1, max = 3) int b,
      @ForAll @IntRange(min = 1, max = 1100) int t,
      @ForAll @IntRange(min = 1, max = 40) int d,
      @ForAll long seed) {
    Shape tokens = Shape.of(b, t, d);
    Shape vector = Shape.of(b, d);
    Function<Tensor, Tensor> row = v -> reshape(v, b, 1, d);
    Function<Tensor[], Tensor> composedModulate =
        in -> add(mul(in[0], affine(row.apply(in[2]), 1f, 1f)), row.apply(in[1]));
    Function<Tensor[], Tensor> composedGate = in -> add(in[0], mul(row.apply(in[1]), in[2]));
    OpContract.everyBackend()
        .forEach((name, kernels) -> {
          same(
              name,
              kernels,
              in -> modulate(in[0], in[1], in[2]),
              composedModulate,
              draw(seed, tokens, vector, vector));
          same(
              name,
              kernels,
              in -> gateAdd(in[0], in[1], in[2]),
              composedGate,
              draw(seed, tokens, vector, tokens));
        });
  }

  private static Tensor[] draw(long seed, Shape... shapes) {
    Tensor[] in = new Tensor[shapes.length];
    for (int i = 0; i < in.length; i++) {
      long stream = seed * 31 + i;
      in[i] = Tensor.generate(shapes[i], j -> 2 * SplitMix.unit(stream, j) - 1).asParameter();
    }
    return in;
  }

  private static void same(
      String name,
      Kernels kernels,
      Function<Tensor[], Tensor> fused,
      Function<Tensor[], Tensor> composed,
      Tensor[] in) {
    List<float[]> a = Backends.with(kernels, () -> results(fused, in));
    List<float[]> b = Backends.with(kernels, () -> results(composed, in));
    for (int i = 0; i < a.size(); i++) {
      Bits.assertEqual(b.get(i), a.get(i), name + ", " + (i == 0 ? "value" : "gradient " + i));
    }
  }

  private static List<float[]> results(Function<Tensor[], Tensor> f, Tensor[] in) {
    try (Tape tape = Tape.open()) {
      Tensor y = f.apply(in);
      List<float[]> out = new ArrayList<>();
      out.add(y.toArray());
      Tensor g = Tensor.generate(y.shape(), j -> SplitMix.unit(5, j) - 0.5);
      Gradients gradients = tape.backward(List.of(y), List.of(g));
      for (Tensor t : in) {
        out.add(gradients.of(t).toArray());
      }
      return out;
    }
  }

  @Test
  void shapeErrorsNameAllShapes() {
    Tensor x = Tensor.zeros(Shape.of(2, 3, 4));
    Tensor v = Tensor.zeros(Shape.of(2, 4));
    Tensor w = Tensor.zeros(Shape.of(2, 5));
    String text = assertThrows(ShapeException.class, () -> modulate(x, v, w)).getMessage();
    assertTrue(text.startsWith("[modulate]"), text);
    assertTrue(text.endsWith("x=[2,3,4] shift=[2,4] scale=[2,5]"), text);
    String gate = assertThrows(ShapeException.class, () -> gateAdd(x, w, x)).getMessage();
    assertTrue(gate.endsWith("x=[2,3,4] gate=[2,5] h=[2,3,4]"), gate);
    assertThrows(ShapeException.class, () -> gateAdd(x, v, v));
  }
}
