package engine.autodiff;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.elementwise.Elementwise.div;
import static engine.op.elementwise.Elementwise.mul;
import static engine.op.elementwise.Elementwise.scale;
import static engine.op.elementwise.Elementwise.square;
import static engine.op.elementwise.Elementwise.tanh;
import static engine.op.reduce.Reduce.sum;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.tensor.Shape;
import engine.tensor.Tensor;
import engine.testing.Bits;
import engine.testing.SplitMix;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Recomputation must not show: the same bits with and without it. */
class RecomputeTest {
  private static final int N = 1500;

  /** Runs a function over tensors, recomputed or not. */
  private interface Runner {
    List<Tensor> run(Function<List<Tensor>, List<Tensor>> f, Tensor... in);
  }

  private static final Runner PLAIN = (f, in) -> f.apply(List.of(in));
  private static final Runner AGAIN = Recompute::checkpointAll;

  private static Tensor draw(int stream) {
    return Tensor.generate(Shape.of(N), i -> 2 * SplitMix.unit(stream, i) - 1).asParameter();
  }

  private final Tensor x = draw(1);
  private final Tensor w = draw(2);
  private final Tensor v = draw(3);

  /** The loss, then the gradients of x, w and v. */
  private List<float[]> results(Function<Runner, Tensor> model, Runner runner) {
    try (Tape tape = Tape.open()) {
      Tensor loss = model.apply(runner);
      List<float[]> out = new ArrayList<>();
      out.add(loss.toArray());
      Gradients g = tape.backward(loss);
      for (Tensor leaf : List.of(x, w, v)) {
        out.add(g.find(leaf) == null ? new float[0] : g.of(leaf).toArray());
      }
      return out;
    }
  }

  /** The same with gradients that are told as soon as they are complete. */
  private List<float[]> told(Function<Runner, Tensor> model, Runner runner) {
    Map<Tensor, float[]> told = new IdentityHashMap<>();
    try (Tape tape = Tape.open()) {
      Tensor loss = model.apply(runner);
      List<float[]> out = new ArrayList<>();
      out.add(loss.toArray());
      tape.backward(
          loss,
          (leaf, gradient) -> {
            assertNull(told.put(leaf, gradient.toArray()), "told twice");
            // Whoever has it may change it at once.
            gradient.storage().write(new float[gradient.size()]);
          });
      for (Tensor leaf : List.of(x, w, v)) {
        out.add(told.getOrDefault(leaf, new float[0]));
      }
      return out;
    }
  }

  private void same(Function<Runner, Tensor> model) {
    List<float[]> plain = results(model, PLAIN);
    for (List<float[]> other :
        List.of(results(model, AGAIN), told(model, PLAIN), told(model, AGAIN))) {
      for (int i = 0; i < plain.size(); i++) {
        Bits.assertEqual(plain.get(i), other.get(i), i == 0 ? "loss" : "gradient " + i);
      }
    }
  }

  private Tensor one(Runner r, Function<Tensor, Tensor> f, Tensor in) {
    return r.run(t -> List.of(f.apply(t.get(0))), in).get(0);
  }

  @Test
  void inputsInsideAndOutside() {
    same(r -> sum(mul(one(r, t -> mul(tanh(t), t), x), add(x, square(x)))));
  }

  @Test
  void capturedParametersInsideAndOutside() {
    same(r -> {
      Tensor a = one(r, t -> mul(tanh(mul(t, w)), add(w, v)), x);
      Tensor b = one(r, t -> add(mul(t, w), tanh(t)), mul(a, v));
      return sum(mul(mul(b, w), x));
    });
  }

  @Test
  void capturedIntermediates() {
    same(r -> {
      Tensor shared = tanh(mul(w, v));
      Tensor a = one(r, t -> mul(tanh(mul(t, shared)), shared), x);
      return sum(mul(mul(a, shared), x));
    });
  }

  @Test
  void severalOutputs() {
    BinaryOperator<Tensor> f = (a, b) -> div(tanh(a), add(square(b), square(a)));
    same(r -> {
      List<Tensor> out =
          r.run(
              t -> {
                Tensor p = f.apply(t.get(0), t.get(1));
                return List.of(p, mul(p, w), tanh(t.get(1)), scale(p, 3));
              },
              x,
              mul(v, w));
      // the last output stays unused
      return sum(add(mul(out.get(0), out.get(1)), mul(out.get(2), out.get(0))));
    });
  }

  @Test
  void anInputHandedThrough() {
    same(r -> {
      Tensor y = mul(x, w);
      List<Tensor> out = r.run(t -> List.of(t.get(0), tanh(t.get(0)), v), y);
      return sum(add(mul(out.get(0), out.get(1)), mul(out.get(2), y)));
    });
  }

  @Test
  void theSameInputTwice() {
    same(r -> {
      Tensor y = tanh(mul(x, w));
      return sum(r.run(t -> List.of(mul(t.get(0), tanh(t.get(1)))), y, y).get(0));
    });
  }

  @Test
  void nested() {
    same(r -> {
      Tensor shared = square(v);
      Tensor y =
          one(
              r,
              t -> {
                Tensor inside = mul(t, w);
                Tensor a = one(r, u -> mul(tanh(mul(u, shared)), inside), mul(t, w));
                Tensor b = one(r, u -> add(tanh(u), mul(w, t)), a);
                return mul(a, b);
              },
              mul(x, v));
      return sum(mul(y, add(w, shared)));
    });
  }

  @Test
  void aChainOfBlocks() {
    same(r -> {
      Tensor y = x;
      for (int i = 0; i < 6; i++) {
        y = one(r, t -> add(t, mul(tanh(mul(t, w)), v)), y);
      }
      return sum(square(y));
    });
  }

  /** A sum that began outside goes on inside, in memory that outlives the inside. */
  @Test
  void sumsThatBeginOutside() {
    same(r -> {
      Tensor y = mul(x, w);
      Tensor a = one(r, t -> add(add(t, w), add(w, t)), y);
      return sum(add(add(a, w), add(add(w, y), y)));
    });
  }

  @Test
  void runsAgainOnlyInBackwardAndRecyclesItsInside() {
    AtomicInteger runs = new AtomicInteger();
    List<Tensor> inside = new ArrayList<>();
    try (Tape tape = Tape.open()) {
      Tensor y =
          Recompute.checkpoint(
              t -> {
                runs.incrementAndGet();
                inside.add(tanh(t.get(0)));
                return square(inside.getLast());
              },
              x);
      assertEquals(1, runs.get());
      assertTrue(inside.get(0).storage().isReleased());
      tape.backward(sum(y));
      assertEquals(2, runs.get());
      assertTrue(inside.get(1).storage().isReleased());
    }
  }

  @Test
  void withoutATapeItJustRuns() {
    Tensor y = Recompute.checkpoint(t -> square(t.get(0)), x);
    try (Tape tape = Tape.open()) {
      assertNull(tape.backward(sum(y)).find(x));
    }
  }
}
