package engine.example;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import engine.autodiff.Gradients;
import engine.autodiff.Op;
import engine.autodiff.Saved;
import engine.autodiff.Tape;
import engine.kernel.Binary;
import engine.kernel.BroadcastArgs;
import engine.kernel.Kernels;
import engine.kernel.Unary;
import engine.op.reduce.Reduce;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import engine.testing.OpCase;
import engine.testing.OpContract;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** The examples of docs/add-an-op.md: ops that a user of the engine writes, and their tests. */
class CubeOpTest {
  /** y = x^3, elementwise; any shape. Gradient: 3 x^2 g. Made of kernels that are there. */
  record Cube() implements Op {
    @Override
    public String name() {
      return "cube";
    }

    @Override
    public Shape infer(List<Shape> in) {
      return in.get(0);
    }

    @Override
    public Tensor forward(Kernels k, List<Tensor> in, Saved saved) {
      Tensor x = in.get(0);
      Tensor square = new Tensor(x.shape(), k.allocate(x.size()));
      k.elementwise().unary(Unary.SQUARE, x.storage(), square.storage(), x.size());
      saved.keep(square);
      return times(k, square, x);
    }

    @Override
    public List<Tensor> backward(Kernels k, Saved saved, Tensor g) {
      Tensor square = saved.kept(0);
      Tensor slope = new Tensor(g.shape(), k.allocate(g.size()));
      k.elementwise().affine(square.storage(), 3f, 0f, slope.storage(), g.size());
      return List.of(times(k, g, slope));
    }

    private static Tensor times(Kernels k, Tensor a, Tensor b) {
      Tensor y = new Tensor(a.shape(), k.allocate(a.size()));
      if (a.size() > 0) {
        BroadcastArgs args = BroadcastArgs.of(a.shape(), b.shape(), a.shape());
        k.elementwise().binary(Binary.MUL, args, a.storage(), b.storage(), y.storage());
      }
      return y;
    }
  }

  /** Two inputs, y = x^2 w, where no kernel fits: plain loops over arrays. */
  record WeightedSquare() implements Op {
    @Override
    public String name() {
      return "weightedSquare";
    }

    @Override
    public Shape infer(List<Shape> in) {
      ShapeException.require(
          in.get(0).equals(in.get(1)),
          name(),
          "wants two tensors of one shape: x=%s w=%s",
          in.get(0),
          in.get(1));
      return in.get(0);
    }

    @Override
    public Tensor forward(Kernels k, List<Tensor> in, Saved saved) {
      float[] x = in.get(0).toArray();
      float[] w = in.get(1).toArray();
      float[] y = new float[x.length];
      for (int i = 0; i < y.length; i++) {
        y[i] = x[i] * x[i] * w[i];
      }
      return result(k, in.get(0).shape(), y);
    }

    @Override
    public List<Tensor> backward(Kernels k, Saved saved, Tensor gradOutput) {
      float[] x = saved.input(0).toArray();
      float[] w = saved.input(1).toArray();
      float[] g = gradOutput.toArray();
      float[] gradX = new float[g.length];
      float[] gradW = new float[g.length];
      for (int i = 0; i < g.length; i++) {
        gradX[i] = g[i] * (2f * x[i] * w[i]);
        gradW[i] = g[i] * (x[i] * x[i]);
      }
      return Arrays.asList(
          saved.needs(0) ? result(k, gradOutput.shape(), gradX) : null,
          saved.needs(1) ? result(k, gradOutput.shape(), gradW) : null);
    }

    /** In the backend's own memory, wherever that is. */
    private static Tensor result(Kernels k, Shape shape, float[] values) {
      Tensor y = new Tensor(shape, k.allocate(values.length));
      y.storage().write(values);
      return y;
    }
  }

  @Property(tries = 20)
  void cubeMeetsTheContract(@ForAll @IntRange(min = 0, max = 130) int n, @ForAll long seed) {
    OpCase.Oracle oracle = in -> Arrays.stream(in[0]).map(x -> x * x * x).toArray();
    OpContract.check(OpCase.of(new Cube(), oracle, Shape.of(n)), seed);
  }

  @Property(tries = 20)
  void weightedSquareMeetsTheContract(
      @ForAll @IntRange(min = 0, max = 130) int n, @ForAll long seed) {
    OpCase.Oracle oracle =
        in -> {
          double[] y = new double[n];
          for (int i = 0; i < n; i++) {
            y[i] = in[0][i] * in[0][i] * in[1][i];
          }
          return y;
        };
    OpContract.check(OpCase.of(new WeightedSquare(), oracle, Shape.of(n), Shape.of(n)), seed);
  }

  @Test
  void shapesThatDifferAreRefused() {
    ShapeException e =
        assertThrows(
            ShapeException.class,
            () ->
                Tape.apply(
                    new WeightedSquare(), Tensor.zeros(Shape.of(3)), Tensor.zeros(Shape.of(4))));
    assertEquals("[weightedSquare] wants two tensors of one shape: x=[3] w=[4]", e.getMessage());
  }

  @Test
  void isUsedLikeAnyOther() {
    Tensor x = Tensor.of(Shape.of(3), 1f, -2f, 3f).asParameter();
    try (Tape tape = Tape.open()) {
      Tensor loss = Reduce.sum(Tape.apply(new Cube(), x));
      Gradients gradients = tape.backward(loss);
      assertArrayEquals(new float[] {3f, 12f, 27f}, gradients.of(x).toArray());
    }
  }
}
