package engine.autodiff;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.elementwise.Elementwise.exp;
import static engine.op.elementwise.Elementwise.log;
import static engine.op.elementwise.Elementwise.mul;
import static engine.op.elementwise.Elementwise.scale;
import static engine.op.elementwise.Elementwise.square;
import static engine.op.elementwise.Elementwise.sub;
import static engine.op.layout.Layout.concat;
import static engine.op.layout.Layout.reshape;
import static engine.op.reduce.Reduce.sum;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.kernel.Kernels;
import engine.tensor.MemoryScope;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TapeTest {
  private static Tensor leaf(float... values) {
    return Tensor.of(Shape.of(values.length), values).asParameter();
  }

  @Test
  void sumsTheUsesOfALeaf() {
    Tensor x = leaf(2, 3);
    try (Tape tape = Tape.open()) {
      // x^2 + 3x + x: derivative 2x + 4
      Gradients g = tape.backward(sum(add(add(square(x), scale(x, 3)), x)));
      assertArrayEquals(new float[] {8, 10}, g.of(x).toArray());
    }
  }

  @Test
  void sumsTheUsesOfAnIntermediate() {
    Tensor x = leaf(2, 3);
    try (Tape tape = Tape.open()) {
      Tensor y = scale(x, 2);
      Gradients g = tape.backward(sum(add(mul(y, y), add(y, y))));
      // (2x)^2 + 4x: derivative 8x + 4
      assertArrayEquals(new float[] {20, 28}, g.of(x).toArray());
    }
  }

  /** ADD hands the same gradient tensor to both inputs; neither sum may spoil the other. */
  @Test
  void oneGradientForTwoInputs() {
    Tensor a = leaf(1, 2);
    Tensor b = leaf(3, 4);
    try (Tape tape = Tape.open()) {
      Tensor s = add(a, b);
      Tensor twice = add(a, a);
      Tensor loss = sum(add(mul(s, s), add(twice, a)));
      Gradients g = tape.backward(loss);
      assertArrayEquals(new float[] {11, 15}, g.of(a).toArray());
      assertArrayEquals(new float[] {8, 12}, g.of(b).toArray());
      assertTrue(g.of(a).storage() != g.of(b).storage());
    }
  }

  @Test
  void twoLeavesNeverShareTheirGradientsMemory() {
    Tensor a = leaf(1, 2);
    Tensor b = leaf(3, 4);
    try (Tape tape = Tape.open()) {
      Gradients g = tape.backward(List.of(add(a, b)), List.of(Tensor.of(Shape.of(2), 5, 6)));
      assertTrue(g.of(a).storage() != g.of(b).storage());
      assertArrayEquals(new float[] {5, 6}, g.of(a).toArray());
      assertArrayEquals(new float[] {5, 6}, g.of(b).toArray());
    }
  }

  /** Reshape passes a view on: the same memory under another shape. */
  @Test
  void viewsOfGradients() {
    Tensor x = leaf(1, 2, 3, 4);
    try (Tape tape = Tape.open()) {
      Tensor r = reshape(x, 2, 2);
      Tensor back = reshape(r, 4);
      Gradients g = tape.backward(sum(add(mul(back, x), add(reshape(mul(r, r), 4), back))));
      // x^2 + x^2 + x
      assertArrayEquals(new float[] {5, 9, 13, 17}, g.of(x).toArray());
    }
  }

  /** N4: uses are added in reverse recording order, which rounding makes visible. */
  @Test
  void addsUsesInReverseRecordingOrder() {
    Tensor x = leaf(1);
    float[] factors = {1e8f, 1f, -1e8f, 3f};
    try (Tape tape = Tape.open()) {
      Tensor[] uses = new Tensor[factors.length];
      for (int i = 0; i < uses.length; i++) {
        uses[i] = scale(x, factors[i]);
      }
      Gradients g = tape.backward(sum(concat(0, uses)));
      float expected = ((factors[3] + factors[2]) + factors[1]) + factors[0];
      assertEquals(expected, g.of(x).item());
    }
  }

  @Test
  void detachStopsTheGradient() {
    Tensor x = leaf(2, 3);
    try (Tape tape = Tape.open()) {
      Tensor y = square(x);
      Gradients g = tape.backward(sum(mul(y.detach(), x)));
      assertArrayEquals(new float[] {4, 9}, g.of(x).toArray());
    }
  }

  @Test
  void noGradRecordsNothingAndRecyclesItsMemory() {
    Tensor x = leaf(2, 3);
    try (Tape tape = Tape.open()) {
      Tensor inner;
      Tensor kept;
      try (Tape pause = Tape.noGrad()) {
        inner = square(x);
        kept = pause.keep(scale(x, 5));
      }
      assertThrows(IllegalStateException.class, inner::toArray);
      Gradients g = tape.backward(sum(mul(kept, x)));
      assertArrayEquals(new float[] {10, 15}, g.of(x).toArray());
    }
  }

  @Test
  void withoutATapeNothingIsRecorded() {
    Tensor x = leaf(2, 3);
    Tensor y = square(x);
    try (Tape tape = Tape.open()) {
      assertFalse(tape.tracks(y));
      assertNull(tape.backward(sum(y)).find(x));
    }
  }

  @Test
  void nestedTapesAreApart() {
    Tensor x = leaf(2);
    try (Tape outer = Tape.open()) {
      Tensor y = square(x);
      Tensor slope;
      try (Tape inner = Tape.open()) {
        Tensor p = y.detach().asParameter();
        slope = inner.backward(sum(mul(p, p))).of(p);
      }
      // slope = 2 * 4 lives on in the outer tape, as a constant
      Gradients g = outer.backward(sum(mul(slope, y)));
      assertEquals(8 * 2 * 2, g.of(x).item());
    }
  }

  @Test
  void gradientsOutliveTheTapeAndIntermediatesDoNot() {
    Tensor x = leaf(2, 3);
    Tensor y;
    Gradients g;
    try (Tape tape = Tape.open()) {
      y = square(x);
      g = tape.backward(sum(y));
    }
    assertArrayEquals(new float[] {4, 6}, g.of(x).toArray());
    String text = assertThrows(IllegalStateException.class, y::toArray).getMessage();
    assertTrue(text.contains("use after release"), text);
  }

  @Test
  void backwardConsumesTheTape() {
    Tensor x = leaf(2, 3);
    try (Tape tape = Tape.open()) {
      Tensor inner = square(x);
      Tensor kept = tape.keep(scale(inner, 2));
      Tensor loss = sum(exp(inner));
      tape.backward(loss);
      String text =
          assertThrows(IllegalStateException.class, () -> tape.backward(loss)).getMessage();
      assertTrue(text.contains("consumed"), text);
      assertArrayEquals(new float[] {8, 18}, kept.toArray());
    }
  }

  /** The caller's own gradient survives the walk even if it was computed under the tape. */
  @Test
  void seedsAreLeftAlone() {
    Tensor x = leaf(2, 3);
    try (Tape tape = Tape.open()) {
      Tensor y = scale(x, 4);
      Tensor seed = Tape.apply(new Opaque(true), y.detach());
      Gradients g = tape.backward(List.of(y), List.of(seed));
      assertArrayEquals(new float[] {64, 96}, g.of(x).toArray());
      assertArrayEquals(new float[] {16, 24}, seed.toArray());
    }
  }

  @Test
  void aLeafCanBeTheOutput() {
    Tensor x = leaf(7);
    try (Tape tape = Tape.open()) {
      assertEquals(1, tape.backward(x).of(x).item());
    }
  }

  @Test
  void severalOutputs() {
    Tensor x = leaf(2, 3);
    try (Tape tape = Tape.open()) {
      Tensor a = scale(x, 2);
      Tensor b = mul(a, a);
      Tensor w = Tensor.of(Shape.of(2), 1, 1);
      Gradients g = tape.backward(List.of(a, b), List.of(w, w));
      assertArrayEquals(new float[] {18, 26}, g.of(x).toArray());
    }
  }

  @Test
  void unreachedLeafHasNoGradient() {
    Tensor x = leaf(1);
    Tensor other = leaf(1);
    try (Tape tape = Tape.open()) {
      Gradients g = tape.backward(square(x));
      assertNull(g.find(other));
      assertThrows(IllegalArgumentException.class, () -> g.of(other));
      assertEquals(List.of(x), g.leaves());
    }
  }

  /** The last used first, and before the walk comes to the op that was the first. */
  @Test
  void tellsAGradientAsSoonAsItIsComplete() {
    Tensor x = leaf(2, 3);
    Tensor w = leaf(5, 7);
    Opaque first = new Opaque(true);
    List<Tensor> told = new ArrayList<>();
    try (Tape tape = Tape.open()) {
      Tensor y = Tape.apply(first, x);
      int atForward = first.scratch().size();
      tape.backward(
          sum(mul(y, w)),
          (leaf, gradient) -> {
            told.add(leaf);
            boolean begun = first.scratch().size() > atForward;
            assertEquals(leaf == x, begun);
            assertArrayEquals(
                leaf == x ? new float[] {10, 14} : new float[] {4, 6}, gradient.toArray());
          });
    }
    assertEquals(List.of(w, x), told);
  }

  @Test
  void wantsAScalarLoss() {
    Tensor x = leaf(1, 2);
    try (Tape tape = Tape.open()) {
      Tensor y = square(x);
      assertThrows(IllegalArgumentException.class, () -> tape.backward(y));
    }
  }

  @Test
  void tapesCloseInReverseOrder() {
    Tape outer = Tape.open();
    Tape inner = Tape.open();
    assertThrows(IllegalStateException.class, outer::close);
    inner.close();
    outer.close();
    outer.close();
  }

  /** y = 2x, with scratch memory and a look at what became of it. */
  private record Opaque(boolean returnFresh, List<Tensor> scratch) implements Op {
    Opaque(boolean returnFresh) {
      this(returnFresh, new ArrayList<>());
    }

    @Override
    public String name() {
      return "opaque";
    }

    @Override
    public Shape infer(List<Shape> in) {
      return in.get(0);
    }

    @Override
    public Tensor forward(Kernels k, List<Tensor> in, Saved saved) {
      Tensor temporary = fresh(k, in.get(0));
      Tensor kept = fresh(k, in.get(0));
      scratch.addAll(List.of(temporary, kept));
      saved.keep(kept);
      return fresh(k, in.get(0));
    }

    @Override
    public List<Tensor> backward(Kernels k, Saved saved, Tensor g) {
      scratch.add(fresh(k, g));
      assertFalse(saved.kept(0).storage().isReleased());
      return List.of(returnFresh ? fresh(k, g) : saved.kept(0));
    }

    private static Tensor fresh(Kernels k, Tensor x) {
      Tensor y = new Tensor(x.shape(), k.allocate(x.size()));
      k.elementwise().affine(x.storage(), 2, 0, y.storage(), x.size());
      return y;
    }
  }

  @Test
  void scratchMemoryOfOpsIsRecycledAtOnce() {
    Tensor x = leaf(1, 2);
    Opaque op = new Opaque(true);
    try (Tape tape = Tape.open()) {
      Tensor loss = sum(Tape.apply(op, x));
      assertEquals(List.of(true, false), released(op.scratch()));
      Gradients g = tape.backward(loss);
      // The walk is past the op, so what it kept is recycled too.
      assertEquals(List.of(true, true, true), released(op.scratch()));
      assertArrayEquals(new float[] {2, 2}, g.of(x).toArray());
    }
    op.scratch().clear();
    Tensor y = Tape.apply(op, x);
    assertEquals(List.of(true, true), released(op.scratch()));
    assertArrayEquals(new float[] {2, 4}, y.toArray());
  }

  private static List<Boolean> released(List<Tensor> tensors) {
    return tensors.stream().map(t -> t.storage().isReleased()).toList();
  }

  @Test
  void savedMemoryIsNoGradient() {
    Tensor x = leaf(1, 2);
    try (Tape tape = Tape.open()) {
      Tensor loss = sum(Tape.apply(new Opaque(false), x));
      String text =
          assertThrows(IllegalStateException.class, () -> tape.backward(loss)).getMessage();
      assertTrue(text.contains("[opaque] gradient 0"), text);
    }
  }

  /** Watches what backward allocates: of a long chain only a few gradients live at once. */
  @Test
  void gradientsOfIntermediatesAreRecycled() {
    Tensor x = Tensor.generate(Shape.of(4096), i -> i * 1e-3).asParameter();
    try (Tape tape = Tape.open()) {
      Tensor y = x;
      List<Spy> spies = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        spies.add(new Spy(new ArrayList<>()));
        y = Tape.apply(spies.get(i), y);
      }
      Gradients g = tape.backward(sum(y));
      for (int i = 1; i < 20; i++) {
        assertTrue(spies.get(i).made().get(0).isReleased(), "gradient of op " + i);
      }
      float[] expected = new float[4096];
      Arrays.fill(expected, 1 << 20);
      assertArrayEquals(expected, g.of(x).toArray());
    }
  }

  /** y = 2x; notes the storage of the gradient that it made. */
  private record Spy(List<engine.tensor.Storage> made) implements Op {
    @Override
    public String name() {
      return "spy";
    }

    @Override
    public Shape infer(List<Shape> in) {
      return in.get(0);
    }

    @Override
    public Tensor forward(Kernels k, List<Tensor> in, Saved saved) {
      return Opaque.fresh(k, in.get(0));
    }

    @Override
    public List<Tensor> backward(Kernels k, Saved saved, Tensor g) {
      Tensor gradient = Opaque.fresh(k, g);
      made.add(gradient.storage());
      return List.of(gradient);
    }
  }

  @Test
  void scopesNestAndKeep() {
    Tensor kept;
    Tensor lost;
    try (MemoryScope outer = MemoryScope.open()) {
      try (MemoryScope inner = MemoryScope.open()) {
        kept = inner.keep(square(Tensor.of(Shape.of(2), 3, 4)));
        lost = sub(kept, kept);
      }
      assertThrows(IllegalStateException.class, lost::toArray);
      assertArrayEquals(new float[] {9, 16}, kept.toArray());
      assertTrue(outer.holds(kept.storage()));
    }
    assertThrows(IllegalStateException.class, kept::toArray);
  }

  @Test
  void finiteCheckNamesTheOp() {
    Tensor x = leaf(1, 0);
    try (Tape tape = Tape.open()) {
      String text =
          assertThrows(
                  FiniteCheck.NotFiniteException.class,
                  () -> FiniteCheck.watch(() -> sum(square(log(x)))))
              .getMessage();
      assertTrue(text.startsWith("[log] produced -Infinity at element 1 of [2]"), text);
    }
  }

  @Test
  void finiteCheckNamesTheGradient() {
    Tensor x = leaf(4, 0);
    try (Tape tape = Tape.open()) {
      Tensor loss = sum(engine.op.elementwise.Elementwise.sqrt(x));
      String text =
          assertThrows(
                  FiniteCheck.NotFiniteException.class,
                  () -> FiniteCheck.watch(() -> tape.backward(loss)))
              .getMessage();
      assertTrue(text.startsWith("[sqrt gradient 0] produced Infinity at element 1"), text);
    }
    // Without the watch the walk passes.
    try (Tape tape = Tape.open()) {
      Tensor loss = sum(engine.op.elementwise.Elementwise.sqrt(x));
      assertFalse(Float.isFinite(tape.backward(loss).of(x).toArray()[1]));
    }
  }
}
