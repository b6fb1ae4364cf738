package engine.op;

import static engine.op.random.Randoms.dropout;
import static engine.op.random.Randoms.normal;
import static engine.op.random.Randoms.uniform;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.autodiff.Recompute;
import engine.autodiff.Tape;
import engine.kernel.Backends;
import engine.op.elementwise.Elementwise;
import engine.op.random.Dropout;
import engine.op.reduce.Reduce;
import engine.random.RandomKey;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import engine.testing.Bits;
import engine.testing.OpCase;
import engine.testing.OpContract;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Scale;
import org.junit.jupiter.api.Test;

class DropoutTest {
  private static final int MANY = 100_003;

  @Property(tries = 20)
  void dropsWhereTheDrawIsBelowP(
      @ForAll @IntRange(min = 0, max = 20_000) int n,
      @ForAll @FloatRange(min = 0f, max = 0.95f) @Scale(7) float p,
      @ForAll long seed) {
    RandomKey key = new RandomKey(seed, 3, 5);
    float[] u = new float[n];
    key.random().uniform(u, 0, n);
    OpCase.Oracle oracle =
        in -> {
          double[] y = new double[n];
          for (int i = 0; i < n; i++) {
            y[i] = u[i] < p ? 0 : in[0][i] / (1 - (double) p);
          }
          return y;
        };
    OpContract.check(OpCase.of(new Dropout(p, key), oracle, Shape.of(n)).tolerance(1e-6), seed);
  }

  @Test
  void theShareAndTheMeanAreRight() {
    float[] y = dropout(Tensor.full(Shape.of(MANY), 1f), 0.2f, key(1)).toArray();
    int kept = 0;
    for (float v : y) {
      assertTrue(v == 0f || v == 1.25f);
      kept += v == 0f ? 0 : 1;
    }
    // Six standard deviations of a binomial share.
    assertEquals(0.8, (double) kept / MANY, 6 * Math.sqrt(0.16 / MANY));
  }

  @Test
  void dropsNothingAtZero() {
    Tensor x = normal(Shape.of(77), key(2));
    assertArrayEquals(x.toArray(), dropout(x, 0f, key(3)).toArray());
  }

  @Test
  void aDroppedValueIsZeroWhateverItWas() {
    Tensor x = Tensor.full(Shape.of(1000), Float.NaN);
    int zeros = 0;
    for (float v : dropout(x, 0.5f, key(4)).toArray()) {
      zeros += Float.floatToRawIntBits(v) == 0 ? 1 : 0;
    }
    assertTrue(zeros > 400, zeros + " zeros");
  }

  @Test
  void recomputationMeetsTheSameMask() {
    Tensor x = normal(Shape.of(513), key(5)).asParameter();
    float[] plain;
    float[] again;
    try (Tape tape = Tape.open()) {
      plain = tape.backward(squares(x)).of(x).toArray();
    }
    try (Tape tape = Tape.open()) {
      Tensor loss = Recompute.checkpoint(in -> squares(in.get(0)), x);
      again = tape.backward(loss).of(x).toArray();
    }
    Bits.assertEqual(plain, again, "gradient with recomputation");
  }

  private static Tensor squares(Tensor x) {
    return Reduce.sum(Elementwise.square(dropout(x, 0.3f, key(6))));
  }

  @Test
  void drawsAreTheSameOnEveryBackendAndOfTheRightKind() {
    float[] u = uniform(Shape.of(7, MANY / 7), key(7)).toArray();
    float[] z = normal(Shape.of(7, MANY / 7), key(7)).toArray();
    OpContract.everyBackend()
        .forEach((name, k) -> {
          Shape shape = Shape.of(u.length);
          Bits.assertEqual(u, Backends.with(k, () -> uniform(shape, key(7)).toArray()), name);
          Bits.assertEqual(z, Backends.with(k, () -> normal(shape, key(7)).toArray()), name);
        });
    moments(u, 0.5, 1 / 12.0);
    moments(z, 0, 1);
    for (float v : u) {
      assertTrue(v >= 0 && v < 1);
    }
  }

  /** Within six standard errors; 1.5 bounds the fourth moments of both distributions. */
  private static void moments(float[] values, double mean, double variance) {
    double sum = 0;
    double squares = 0;
    for (float v : values) {
      sum += v - mean;
      squares += (v - mean) * (v - mean);
    }
    int n = values.length;
    assertEquals(0, sum / n, 6 * Math.sqrt(variance / n));
    assertEquals(variance, squares / n, 6 * variance * 1.5 / Math.sqrt(n));
  }

  @Test
  void errorsNameTheProbability() {
    for (float p : new float[] {-0.1f, 1f, Float.NaN}) {
      IllegalArgumentException e =
          assertThrows(IllegalArgumentException.class, () -> new Dropout(p, key(0)));
      assertEquals("[dropout] p must be in [0, 1), got " + p, e.getMessage());
    }
  }

  private static RandomKey key(long stream) {
    return new RandomKey(42, stream, 0);
  }
}
