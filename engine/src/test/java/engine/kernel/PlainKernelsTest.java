package engine.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import engine.tensor.HeapStorage;
import engine.tensor.Storage;
import engine.testing.Bits;
import engine.testing.OpContract;
import engine.testing.SpecialValues;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Kernels that no op reaches alone: right by a plain formula, equal in bits on every backend. */
class PlainKernelsTest {
  private static final List<SpecialValues> KINDS = List.of(SpecialValues.values());

  /** In [-1, 1), every tenth value a special one if asked for, of kinds that the seed picks. */
  private static float[] draw(long seed, int n, boolean special) {
    int first = (int) Math.floorMod(seed, (long) KINDS.size());
    List<SpecialValues> some = seed % 3 == 0 ? KINDS : KINDS.subList(0, first + 1);
    return SpecialValues.mixed(some, special ? 100 : 0, seed, n);
  }

  /** Runs a body that leaves its result in an array, on all backends. */
  private static float[] everywhere(String what, Function<Kernels, float[]> body) {
    float[] expected = null;
    for (var backend : OpContract.everyBackend().entrySet()) {
      float[] got = body.apply(backend.getValue());
      if (expected == null) {
        expected = got;
      }
      Bits.assertEqual(expected, got, what + " on " + backend.getKey());
    }
    return expected;
  }

  @Property(tries = 20)
  void small(@ForAll @IntRange(min = 0, max = 150) int n, @ForAll long seed) {
    all(n, seed);
  }

  @Example
  void large() {
    all(4096, 1);
    all(4096 * 3 + 5, 2);
    all(400_003, 3);
  }

  private static void all(int n, long seed) {
    for (boolean special : new boolean[] {false, true}) {
      copies(n, seed, special);
      addInto(n, seed, special);
      ema(n, seed, special);
      adam(n, seed, special);
      adamEma(n, seed);
      sumSquares(n, seed, special);
    }
  }

  private static void copies(int n, long seed, boolean special) {
    float[] x = draw(seed, n, special);
    float[] copied =
        everywhere(
            "copy " + n,
            k -> {
              float[] y = new float[n + 1];
              Storage to = HeapStorage.wrap(y);
              k.copies().copy(HeapStorage.wrap(x), to, n);
              to.read(y);
              return y;
            });
    Bits.assertEqual(Arrays.copyOf(x, n + 1), copied, "copy");
    float[] filled =
        everywhere(
            "fill " + n,
            k -> {
              float[] y = new float[n + 1];
              Storage to = HeapStorage.wrap(y);
              k.copies().fill(to, -0f, n);
              to.read(y);
              return y;
            });
    for (int i = 0; i <= n; i++) {
      assertEquals(i < n ? 0x80000000 : 0, Float.floatToRawIntBits(filled[i]));
    }
  }

  private static void addInto(int n, long seed, boolean special) {
    float[] x = draw(seed, n, special);
    float[] sum = draw(seed + 1, n, false);
    float[] got =
        everywhere(
            "addInto " + n,
            k -> {
              float[] y = sum.clone();
              Storage to = HeapStorage.wrap(y);
              k.elementwise().addInto(to, HeapStorage.wrap(x), n);
              to.read(y);
              return y;
            });
    for (int i = 0; i < n; i++) {
      assertEquals(sum[i] + x[i], got[i]);
    }
  }

  private static void ema(int n, long seed, boolean special) {
    for (EmaArgs.Form form : EmaArgs.Form.values()) {
      ema(new EmaArgs(form, 0.999f, 0.001f), n, seed, special);
    }
  }

  private static void ema(EmaArgs args, int n, long seed, boolean special) {
    float[] p = draw(seed, n, special);
    float[] average = draw(seed + 1, n, false);
    float[] got =
        everywhere(
            args + " " + n,
            k -> {
              float[] y = average.clone();
              Storage to = HeapStorage.wrap(y);
              k.optimiser().ema(args, HeapStorage.wrap(p), to, n);
              to.read(y);
              return y;
            });
    for (int i = 0; i < n && !special; i++) {
      assertEquals(average[i] * 0.999 + p[i] * 0.001, got[i], 1e-6);
    }
  }

  private static void adam(int n, long seed, boolean special) {
    AdamArgs args = new AdamArgs(0.9f, 0.1f, 0.999f, 0.001f, 0.3f, 1e-8f, 2e-3f, 0.99f, 0.5f);
    float[] p = draw(seed, n, false);
    float[] gradient = draw(seed + 1, n, special);
    float[] m = draw(seed + 2, n, false);
    float[] v = draw(seed + 3, n, false);
    for (int i = 0; i < n; i++) {
      v[i] = Math.abs(v[i]);
    }
    float[] got =
        everywhere(
            "adam " + n,
            k -> {
              float[][] s = {p.clone(), m.clone(), v.clone()};
              Storage[] a = wrapped(s);
              k.optimiser().adam(args, state(a[0], gradient, a[1], a[2]), n);
              float[] all = new float[3 * n];
              for (int i = 0; i < s.length; i++) {
                a[i].read(s[i]);
                System.arraycopy(s[i], 0, all, i * n, n);
              }
              return all;
            });
    for (int i = 0; i < n && !special; i++) {
      double g = 0.5 * gradient[i];
      double m1 = 0.9 * m[i] + 0.1 * g;
      double v1 = 0.999 * v[i] + 0.001 * g * g;
      double p1 = 0.99 * p[i] - 2e-3 * m1 / (Math.sqrt(v1) / 0.3 + 1e-8);
      assertEquals(p1, got[i], 1e-6);
      assertEquals(m1, got[n + i], 1e-6);
      assertEquals(v1, got[2 * n + i], 1e-6);
    }
  }

  /** Fused, it is a step and then an average. */
  private static void adamEma(int n, long seed) {
    for (EmaArgs.Form form : EmaArgs.Form.values()) {
      adamEma(EmaArgs.of(form, 0.9), n, seed);
    }
  }

  private static void adamEma(EmaArgs ema, int n, long seed) {
    AdamArgs args = new AdamArgs(0.9f, 0.1f, 0.999f, 0.001f, 0.3f, 1e-8f, 2e-3f, 0.99f, 0.5f);
    float[] first = draw(seed, n, false);
    float[] average = draw(seed + 1, n, false);
    float[] fused =
        everywhere(
            "adamEma " + n,
            k -> {
              float[][] s = {first.clone(), average.clone(), first.clone(), new float[n]};
              Storage[] a = wrapped(s);
              k.optimiser().adamEma(args, state(a[0], first, a[2], a[3]), ema, a[1], n);
              a[1].read(s[1]);
              return s[1];
            });
    float[] apart =
        everywhere(
            "adam, ema " + n,
            k -> {
              float[][] s = {first.clone(), average.clone(), first.clone(), new float[n]};
              Storage[] a = wrapped(s);
              k.optimiser().adam(args, state(a[0], first, a[2], a[3]), n);
              k.optimiser().ema(ema, a[0], a[1], n);
              a[1].read(s[1]);
              return s[1];
            });
    assertArrayEquals(apart, fused);
  }

  private static AdamState state(Storage p, float[] gradient, Storage m, Storage v) {
    return new AdamState(p, HeapStorage.wrap(gradient), m, v);
  }

  private static Storage[] wrapped(float[][] arrays) {
    return Arrays.stream(arrays).map(HeapStorage::wrap).toArray(Storage[]::new);
  }

  private static void sumSquares(int n, long seed, boolean special) {
    float[] x = draw(seed, n, special);
    float[] got =
        everywhere(
            "sumSquares " + n,
            k -> {
              float[] sums = {7, 7, 7};
              Storage written = HeapStorage.wrap(sums);
              k.reduce().sumSquares(HeapStorage.wrap(x), n, written, 1);
              written.read(sums);
              assertArrayEquals(new float[] {7, 7}, new float[] {sums[0], sums[2]});
              return new float[] {sums[1]};
            });
    double expected = 0;
    for (float v : x) {
      expected += (double) v * v;
    }
    if (!special) {
      assertEquals(expected, got[0], 1e-5 * Math.max(1, expected));
    }
  }

  @Property(tries = 20)
  void reduceMax(
      @ForAll @IntRange(min = 1, max = 4) int outer,
      @ForAll @IntRange(min = 1, max = 60) int r,
      @ForAll @IntRange(min = 1, max = 60) int inner,
      @ForAll long seed) {
    largest(outer, r, inner, seed, false);
    largest(outer, r, inner, seed, true);
    largest(outer, r, 1, seed, false);
    largest(outer, r, 1, seed, true);
  }

  private static void largest(int outer, int r, int inner, long seed, boolean special) {
    float[] x = draw(seed, outer * r * inner, special);
    if (!special) {
      // equal zeros of both signs
      for (int i = 0; i < x.length; i++) {
        x[i] = x[i] > 0 ? (x[i] > 0.5 ? 0f : -0f) : x[i];
      }
    }
    float[] got =
        everywhere(
            "reduceMax " + outer + " " + r + " " + inner,
            k -> {
              float[] y = new float[outer * inner];
              Storage to = HeapStorage.wrap(y);
              k.reduce().max(new ReduceArgs(outer, r, inner), HeapStorage.wrap(x), to);
              to.read(y);
              return y;
            });
    for (int i = 0; i < got.length; i++) {
      float m = Float.NEGATIVE_INFINITY;
      for (int k = 0; k < r; k++) {
        m = Math.max(m, x[i / inner * r * inner + k * inner + i % inner]);
      }
      assertEquals(m == 0 ? 0f : m, got[i]);
    }
  }
}
