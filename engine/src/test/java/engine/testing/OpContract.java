package engine.testing;

import engine.autodiff.Gradients;
import engine.autodiff.Tape;
import engine.kernel.Backends;
import engine.kernel.Kernels;
import engine.kernel.Workers;
import engine.kernel.scalar.ScalarKernels;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The one contract that every op meets: its values equal the double-precision oracle within the
 * stated tolerance, its gradients equal central differences of that oracle, and values and
 * gradients have the same bits on the scalar backend with 1, 2 and 7 threads and on the SIMD
 * backend at 128, 256 and 512 bits.
 */
public final class OpContract {
  private static final int PROBES = 24;
  private static final double STEP = 1e-4;

  private static final Kernels REFERENCE = new ScalarKernels(Workers.SINGLE);
  private static final Map<String, Kernels> OTHERS = others();

  private OpContract() {}

  private static Map<String, Kernels> others() {
    Map<String, Kernels> map = new LinkedHashMap<>();
    map.put("scalar, 2 threads", new ScalarKernels(new Workers(2)));
    map.put("scalar, 7 threads", new ScalarKernels(new Workers(7)));
    map.put("simd 128, 1 thread", SimdVariants.open(128, 1));
    map.put("simd 256, 2 threads", SimdVariants.open(256, 2));
    map.put("simd 512, 7 threads", SimdVariants.open(512, 7));
    return map;
  }

  /** All backends, by a name for messages; the first is the reference. */
  public static Map<String, Kernels> backends() {
    Map<String, Kernels> all = new LinkedHashMap<>();
    all.put("scalar, 1 thread", REFERENCE);
    all.putAll(OTHERS);
    return all;
  }

  /** Runs every check of a case with values drawn from the seed. */
  public static void check(OpCase c, long seed) {
    float[][] in = draw(c, seed);
    Result expected = run(c, in, seed, REFERENCE);
    againstOracle(c, in, seed, expected);
    sameBits(c, in, seed);
  }

  /** Equal bits on all backends for given values: for NaN, infinities, denormals and the like. */
  public static void sameBits(OpCase c, float[][] in, long seed) {
    Result expected = run(c, in, seed, REFERENCE);
    OTHERS.forEach((name, kernels) -> {
      Result got = run(c, in, seed, kernels);
      String where = "%s %s on %s, seed %d".formatted(c.name(), c.shapes(), name, seed);
      Bits.assertEqual(expected.value(), got.value(), where + ": value");
      for (int i = 0; i < in.length; i++) {
        if (c.gradients().get(i)) {
          Bits.assertEqual(
              expected.gradients().get(i), got.gradients().get(i), where + ": gradient " + i);
        }
      }
    });
  }

  private record Result(float[] value, List<float[]> gradients) {}

  private static Result run(OpCase c, float[][] in, long seed, Kernels kernels) {
    return Backends.with(
        kernels,
        () -> {
          try (Tape tape = Tape.open()) {
            Tensor[] inputs = new Tensor[in.length];
            for (int i = 0; i < in.length; i++) {
              Tensor t = Tensor.of(c.shapes().get(i), in[i].clone());
              inputs[i] = c.gradients().get(i) ? t.asParameter() : t;
            }
            Tensor y = Tape.apply(c.op(), inputs);
            float[] value = y.toArray();
            List<float[]> gradients = new ArrayList<>();
            if (c.gradients().contains(true)) {
              Gradients g =
                  tape.backward(
                      List.of(y), List.of(Tensor.of(y.shape(), weights(y.shape(), seed))));
              for (int i = 0; i < in.length; i++) {
                gradients.add(c.gradients().get(i) ? g.of(inputs[i]).toArray() : null);
              }
            }
            return new Result(value, gradients);
          }
        });
  }

  private static void againstOracle(OpCase c, float[][] in, long seed, Result got) {
    double[][] x = new double[in.length][];
    for (int i = 0; i < in.length; i++) {
      x[i] = widen(in[i]);
    }
    String where = "%s %s, seed %d".formatted(c.name(), c.shapes(), seed);
    double[] value = c.oracle().apply(x);
    close(widen(got.value()), value, c.tolerance(), where + ": value");
    float[] w = got.gradients().isEmpty() ? null : weights(c.op().infer(c.shapes()), seed);
    for (int i = 0; i < in.length; i++) {
      if (c.gradients().get(i)) {
        differences(c, x, i, w, seed, widen(got.gradients().get(i)), where);
      }
    }
  }

  private static void differences(
      OpCase c, double[][] x, int i, float[] w, long seed, double[] got, String where) {
    int n = x[i].length;
    double[] expected = new double[Math.min(n, PROBES)];
    double[] probed = new double[expected.length];
    for (int p = 0; p < expected.length; p++) {
      int at = n <= PROBES ? p : (int) Math.floorMod(SplitMix.at(seed + 77, p), (long) n);
      double keep = x[i][at];
      x[i][at] = keep + STEP;
      double up = dot(c.oracle().apply(x), w);
      x[i][at] = keep - STEP;
      double down = dot(c.oracle().apply(x), w);
      x[i][at] = keep;
      expected[p] = (up - down) / (2 * STEP);
      probed[p] = got[at];
    }
    double largest = 0;
    for (double g : got) {
      largest = Math.max(largest, Math.abs(g));
    }
    double limit = (10 * c.tolerance() + 1e-6) * Math.max(1e-3, largest);
    for (int p = 0; p < expected.length; p++) {
      if (!(Math.abs(probed[p] - expected[p]) <= limit)) {
        throw new AssertionError(
            "%s: gradient %d is %s, differences say %s (limit %s)"
                .formatted(where, i, probed[p], expected[p], limit));
      }
    }
  }

  private static void close(double[] got, double[] expected, double tolerance, String where) {
    double largest = 0;
    for (double e : expected) {
      largest = Math.max(largest, Math.abs(e));
    }
    if (got.length != expected.length) {
      throw new AssertionError(where + ": " + got.length + " elements, oracle " + expected.length);
    }
    for (int i = 0; i < got.length; i++) {
      if (!(Math.abs(got[i] - expected[i]) <= tolerance * Math.max(1e-3, largest))) {
        throw new AssertionError(
            "%s: element %d is %s, oracle says %s".formatted(where, i, got[i], expected[i]));
      }
    }
  }

  private static float[][] draw(OpCase c, long seed) {
    float[][] in = new float[c.shapes().size()][];
    for (int i = 0; i < in.length; i++) {
      OpCase.Range r = c.ranges().get(i);
      in[i] = new float[c.shapes().get(i).size()];
      for (int j = 0; j < in[i].length; j++) {
        double u = SplitMix.unit(seed * 31 + i, j);
        in[i][j] = (float) (r.low() + (r.high() - r.low()) * u);
      }
    }
    return in;
  }

  private static float[] weights(Shape shape, long seed) {
    float[] w = new float[shape.size()];
    for (int i = 0; i < w.length; i++) {
      w[i] = (float) (2 * SplitMix.unit(seed * 31 + 1000, i) - 1);
    }
    return w;
  }

  private static double dot(double[] y, float[] w) {
    double sum = 0;
    for (int i = 0; i < y.length; i++) {
      sum += y[i] * w[i];
    }
    return sum;
  }

  private static double[] widen(float[] x) {
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = x[i];
    }
    return y;
  }
}
