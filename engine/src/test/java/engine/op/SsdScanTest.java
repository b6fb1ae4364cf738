package engine.op;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.elementwise.Elementwise.exp;
import static engine.op.elementwise.Elementwise.neg;
import static engine.op.elementwise.Elementwise.softplus;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.autodiff.Gradients;
import engine.autodiff.Tape;
import engine.op.layout.Slice;
import engine.op.scan.Scan;
import engine.op.scan.SsdFinalState;
import engine.op.scan.SsdScan;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import engine.testing.Bits;
import engine.testing.Fixture;
import engine.testing.Fixtures;
import engine.testing.OpCase;
import engine.testing.OpContract;
import engine.testing.SpecialValues;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SsdScanTest {
  private static final int[] CHUNKS = {1, 3, 8, 16};

  /** The shapes of one scan and what is optional in it. */
  private record Case(SsdRecurrence size, int chunk, boolean withD, boolean withInitial) {
    List<Shape> shapes(boolean ofY) {
      List<Shape> shapes = new ArrayList<>();
      shapes.add(Shape.of(size.batch(), size.length(), size.heads(), size.headDim()));
      shapes.add(Shape.of(size.batch(), size.length(), size.heads()));
      shapes.add(Shape.of(size.heads()));
      Shape bc = Shape.of(size.batch(), size.length(), size.groups(), size.state());
      shapes.add(bc);
      if (ofY) {
        shapes.add(bc);
      }
      if (ofY && withD) {
        shapes.add(Shape.of(size.heads()));
      }
      if (withInitial) {
        shapes.add(Shape.of(size.batch(), size.heads(), size.headDim(), size.state()));
      }
      return shapes;
    }

    OpCase scan() {
      return ranges(
          OpCase.of(
              new SsdScan(chunk),
              in ->
                  oracle()
                      .run(
                          in[0],
                          in[1],
                          in[2],
                          in[3],
                          in[4],
                          withD ? in[5] : null,
                          withInitial ? in[in.length - 1] : null)
                      .y(),
              shapes(true).toArray(Shape[]::new)));
    }

    OpCase finalState() {
      return ranges(
          OpCase.of(
              new SsdFinalState(chunk),
              in ->
                  oracle()
                      .run(in[0], in[1], in[2], in[3], null, null, withInitial ? in[4] : null)
                      .finalState(),
              shapes(false).toArray(Shape[]::new)));
    }

    private SsdOracle oracle() {
      return new SsdOracle(size, chunk);
    }

    private static OpCase ranges(OpCase c) {
      return c.range(1, 0.01, 0.6).range(2, -3, -0.1);
    }
  }

  /** The listing in any chunks is the recurrence. */
  @Property(tries = 100)
  void theListingIsTheRecurrence(
      @ForAll @IntRange(min = 1, max = 2) int batch,
      @ForAll @IntRange(min = 1, max = 40) int length,
      @ForAll @IntRange(min = 1, max = 2) int groups,
      @ForAll @IntRange(min = 1, max = 5) int headDim,
      @ForAll @IntRange(min = 1, max = 5) int state,
      @ForAll @IntRange(min = 1, max = 45) int chunk,
      @ForAll long seed) {
    SsdRecurrence size = new SsdRecurrence(batch, length, 2 * groups, headDim, groups, state);
    SplittableRandom random = new SplittableRandom(seed);
    double[] x = random.doubles(batch * length * 2L * groups * headDim, -1, 1).toArray();
    double[] dt = random.doubles(batch * length * 2L * groups, 0, 1).toArray();
    double[] a = random.doubles(2L * groups, -3, 0).toArray();
    double[] b = random.doubles((long) batch * length * groups * state, -1, 1).toArray();
    double[] c = random.doubles((long) batch * length * groups * state, -1, 1).toArray();
    double[] d = random.doubles(2L * groups, -1, 1).toArray();
    double[] initial = random.doubles(batch * 2L * groups * headDim * state, -1, 1).toArray();
    SsdRecurrence.Result wanted = size.run(x, dt, a, b, c, d, initial);
    SsdRecurrence.Result got = new SsdOracle(size, chunk).run(x, dt, a, b, c, d, initial);
    assertArrayEquals(wanted.y(), got.y(), 1e-12);
    assertArrayEquals(wanted.finalState(), got.finalState(), 1e-12);
  }

  @Property(tries = 40)
  void contract(
      @ForAll @IntRange(min = 1, max = 2) int batch,
      @ForAll @IntRange(min = 1, max = 40) int length,
      @ForAll @IntRange(min = 1, max = 2) int groups,
      @ForAll @IntRange(min = 1, max = 2) int headsPerGroup,
      @ForAll @IntRange(min = 1, max = 19) int headDim,
      @ForAll @IntRange(min = 1, max = 19) int state,
      @ForAll @IntRange(min = 0, max = 3) int chunk,
      @ForAll @IntRange(min = 0, max = 3) int optional,
      @ForAll long seed) {
    Case c =
        new Case(
            new SsdRecurrence(batch, length, groups * headsPerGroup, headDim, groups, state),
            CHUNKS[chunk],
            (optional & 1) != 0,
            (optional & 2) != 0);
    OpContract.check(c.scan(), seed);
    OpContract.check(c.finalState(), seed);
  }

  /** Vectors and blocks of rows filled and left over. */
  @ParameterizedTest
  @ValueSource(ints = {1, 7, 8, 9, 23, 24, 25})
  void aroundTheChunk(int length) {
    Case c = new Case(new SsdRecurrence(2, length, 2, 33, 1, 37), 8, true, true);
    OpContract.check(c.scan(), length);
    OpContract.check(c.finalState(), length);
  }

  @Test
  void longSequenceInLongChunks() {
    Case c = new Case(new SsdRecurrence(1, 530, 1, 3, 1, 2), 512, true, false);
    OpContract.check(c.scan(), 1);
    OpContract.check(c.finalState(), 2);
  }

  @Test
  void wideStateUsesSegments() {
    Case c = new Case(new SsdRecurrence(1, 5, 1, 2, 1, 1030), 3, true, true);
    OpContract.check(c.scan(), 1);
    OpContract.check(c.finalState(), 2);
  }

  /** The sizes of the model, two heads of it. */
  @Test
  void modelSize() {
    Case c = new Case(new SsdRecurrence(1, 48, 2, 64, 1, 128), 256, true, false);
    OpContract.check(c.scan(), 1);
    OpContract.check(c.finalState(), 2);
  }

  @Test
  void goesOnFromAStateAtAChunkBoundaryBitForBit() {
    List<Shape> shapes =
        new Case(new SsdRecurrence(1, 21, 2, 5, 1, 3), 8, false, false).shapes(true);
    Tensor[] in = new Tensor[5];
    for (int i = 0; i < 5; i++) {
      int input = i;
      in[i] =
          Tensor.generate(
              shapes.get(i), j -> input == 2 ? -1 - j : (1 + (j * 7 + input) % 13) / 13.0);
    }
    Tensor b = in[3];
    Tensor c = in[4];
    Tensor a = in[2];
    Tensor whole = Scan.ssdScan(in[0], in[1], a, b, c, null, null, 8);
    Tensor first =
        Scan.ssdScan(
            part(in[0], 0, 16),
            part(in[1], 0, 16),
            a,
            part(b, 0, 16),
            part(c, 0, 16),
            null,
            null,
            8);
    Tensor state =
        Scan.ssdFinalState(part(in[0], 0, 16), part(in[1], 0, 16), a, part(b, 0, 16), null, 8);
    Tensor rest =
        Scan.ssdScan(
            part(in[0], 16, 21),
            part(in[1], 16, 21),
            a,
            part(b, 16, 21),
            part(c, 16, 21),
            null,
            state,
            8);
    Bits.assertEqual(part(whole, 0, 16).toArray(), first.toArray(), "before the boundary");
    Bits.assertEqual(part(whole, 16, 21).toArray(), rest.toArray(), "behind the boundary");
  }

  private static Tensor part(Tensor x, int from, int to) {
    return Tape.apply(new Slice(1, from, to), x);
  }

  @Test
  void decayToNothingGivesNoNaN() {
    SsdRecurrence size = new SsdRecurrence(1, 12, 1, 3, 1, 2);
    float[] x = SpecialValues.finite(36);
    for (int i = 0; i < x.length; i++) {
      x[i] = (i % 7) - 3;
    }
    float[] dt = new float[12];
    java.util.Arrays.fill(dt, 1e5f);
    dt[4] = 0f;
    dt[5] = 1e-30f;
    float[] ones = new float[24];
    java.util.Arrays.fill(ones, 1f);
    OpCase c = new Case(size, 8, false, false).scan();
    OpContract.sameBits(c, new float[][] {x, dt, {-1e5f}, ones, ones}, 1);
    try (Tape tape = Tape.open()) {
      Tensor[] in = new Tensor[5];
      float[][] values = {x, dt, {-1e5f}, ones, ones};
      for (int i = 0; i < 5; i++) {
        in[i] = Tensor.of(c.shapes().get(i), values[i]).asParameter();
      }
      Tensor y = Scan.ssdScan(in[0], in[1], in[2], in[3], in[4], null, null, 8);
      Gradients g = tape.backward(List.of(y), List.of(Tensor.full(y.shape(), 1f)));
      assertFinite(y);
      for (Tensor t : in) {
        assertFinite(g.of(t));
      }
    }
  }

  private static void assertFinite(Tensor t) {
    for (float v : t.toArray()) {
      assertTrue(Float.isFinite(v), () -> "got " + v);
    }
  }

  @Test
  void specialValues() {
    Case c = new Case(new SsdRecurrence(1, 11, 2, 19, 1, 18), 4, true, true);
    OpCase scan = c.scan();
    for (int special = 0; special < scan.shapes().size(); special++) {
      float[][] in = new float[scan.shapes().size()][];
      for (int i = 0; i < in.length; i++) {
        in[i] = new float[scan.shapes().get(i).size()];
        for (int j = 0; j < in[i].length; j++) {
          in[i][j] = i == 2 ? -0.5f : ((j * 7 + i) % 11) / 11f;
        }
      }
      in[special] = SpecialValues.repeated(in[special].length);
      OpContract.sameBits(scan, in, special);
    }
  }

  @Test
  void emptySequencePassesTheStateOn() {
    Tensor initial = Tensor.generate(Shape.of(1, 2, 3, 4), i -> i).asParameter();
    Tensor b = Tensor.zeros(Shape.of(1, 0, 1, 4));
    Tensor x = Tensor.zeros(Shape.of(1, 0, 2, 3));
    Tensor dt = Tensor.zeros(Shape.of(1, 0, 2));
    Tensor a = Tensor.full(Shape.of(2), -1f);
    try (Tape tape = Tape.open()) {
      Tensor state = Scan.ssdFinalState(x, dt, a, b, initial, 8);
      assertEquals(0, Fixtures.error(state.toArray(), initial.toArray()));
      Gradients g = tape.backward(List.of(state), List.of(Tensor.full(state.shape(), 1f)));
      assertEquals(0, Fixtures.error(g.of(initial).toArray(), full(24)));
      assertEquals(Shape.of(1, 0, 2, 3), Scan.ssdScan(x, dt, a, b, b, null, initial, 8).shape());
    }
  }

  private static float[] full(int n) {
    float[] x = new float[n];
    java.util.Arrays.fill(x, 1f);
    return x;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 8, 16, 20, 48, 64, 256})
  void fixture(int chunk) {
    Fixture f = Fixtures.load("ssd_scan");
    try (Tape tape = Tape.open()) {
      Tensor x = parameter(f, "x");
      Tensor raw = parameter(f, "dt_raw");
      Tensor bias = parameter(f, "dt_bias");
      Tensor aLog = parameter(f, "A_log");
      Tensor b = parameter(f, "B");
      Tensor c = parameter(f, "C");
      Tensor d = parameter(f, "D");
      Tensor dt = softplus(add(raw, bias));
      Tensor a = neg(exp(aLog));
      Tensor y = Scan.ssdScan(x, dt, a, b, c, d, null, chunk);
      Tensor state = Scan.ssdFinalState(x, dt, a, b, null, chunk);
      close(f, "out.y", y);
      close(f, "out.final_state", state);
      Gradients g =
          tape.backward(
              List.of(y, state), List.of(tensor(f, "lossw.y"), tensor(f, "lossw.final_state")));
      close(f, "grad.in.x", g.of(x));
      close(f, "grad.in.dt_raw", g.of(raw));
      close(f, "grad.in.dt_bias", g.of(bias));
      close(f, "grad.in.A_log", g.of(aLog));
      close(f, "grad.in.B", g.of(b));
      close(f, "grad.in.C", g.of(c));
      close(f, "grad.in.D", g.of(d));
    }
  }

  private static Tensor tensor(Fixture f, String name) {
    return Tensor.of(Shape.of(f.dims(name)), f.floats(name));
  }

  private static Tensor parameter(Fixture f, String name) {
    return tensor(f, "in." + name).asParameter();
  }

  private static void close(Fixture f, String name, Tensor got) {
    double error = Fixtures.error(got.toArray(), f.floats(name));
    assertTrue(error < 3e-6, name + ": " + error);
  }

  @Test
  void refusals() {
    Tensor x = Tensor.zeros(Shape.of(2, 5, 4, 3));
    Tensor dt = Tensor.zeros(Shape.of(2, 5, 4));
    Tensor a = Tensor.zeros(Shape.of(4));
    Tensor b = Tensor.zeros(Shape.of(2, 5, 3, 6));
    String text =
        assertThrows(ShapeException.class, () -> Scan.ssdScan(x, dt, a, b, b, null, null, 8))
            .getMessage();
    assertEquals(
        "[ssdScan] 3 groups do not divide 4 heads: x=[2,5,4,3] dt=[2,5,4] A=[4] B=[2,5,3,6]"
            + " further=[[2,5,3,6]]",
        text);
    Tensor one = Tensor.zeros(Shape.of(2, 5, 1, 6));
    assertThrows(ShapeException.class, () -> Scan.ssdScan(x, dt, a, one, b, null, null, 8));
    assertThrows(ShapeException.class, () -> Scan.ssdScan(x, dt, a, one, one, null, x, 8));
    assertThrows(
        IllegalArgumentException.class, () -> Scan.ssdScan(x, dt, a, one, one, null, null, 513));
  }
}
