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
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The one contract that every op meets: its values equal the double-precision oracle within the
 * stated tolerance, its gradients equal central differences of that oracle, and values and
 * gradients have the same bits on every backend: the scalar loops and vectors of 128, 256 and 512
 * bits, each with 1, 2 and 7 threads, and OpenCL where there is an exact device, with the tile of a
 * processor and with that of a graphics card.
 *
 * <p>Small cases run on all. Cases of more than {@link #SMALL} elements run on the scalar loops
 * with each number of threads, on each width with one number of threads, which the seed draws such
 * that the three widths have three different ones, and on OpenCL.
 */
public final class OpContract {
  private static final int PROBES = 24;
  private static final double STEP = 1e-4;

  /** Elements of the inputs and the result up to which a case runs on every backend. */
  private static final int SMALL = 1 << 16;

  private static final int[] WIDTHS = {128, 256, 512};
  private static final int[] THREADS = {1, 2, 7};

  private static final List<Backend> BACKENDS = open();
  private static final Kernels REFERENCE = BACKENDS.get(0).kernels();

  private OpContract() {}

  /**
   * Where a case runs.
   *
   * @param how width of the vectors, threads or tile, for messages
   */
  private record Backend(Kernels kernels, String how) {
    static Backend of(Kernels kernels, String width, Workers team) {
      String count = team.threads() == 1 ? "1 thread" : team.threads() + " threads";
      return new Backend(kernels, width + ", " + count);
    }

    String label() {
      return kernels.name() + ", " + how;
    }

    @Override
    public String toString() {
      return "backend " + label();
    }
  }

  /** One team of each size, shared by all widths; the devices last. */
  private static List<Backend> open() {
    List<Workers> teams = Arrays.stream(THREADS).mapToObj(Workers::new).toList();
    List<Backend> all = new ArrayList<>();
    for (Workers team : teams) {
      all.add(Backend.of(new ScalarKernels(team), "no vectors", team));
    }
    for (int bits : WIDTHS) {
      for (Workers team : teams) {
        all.add(Backend.of(SimdVariants.open(bits, team), bits + " bits", team));
      }
    }
    OpenClBackends.ALL.forEach((how, kernels) -> all.add(new Backend(kernels, how)));
    return List.copyOf(all);
  }

  /** Every backend, by a name for messages; the first is the reference. */
  public static Map<String, Kernels> everyBackend() {
    return named(BACKENDS);
  }

  /** Each width, number of threads and device at least once, for tests that take long. */
  public static Map<String, Kernels> backends() {
    return named(drawn(0));
  }

  private static Map<String, Kernels> named(List<Backend> backends) {
    Map<String, Kernels> map = new LinkedHashMap<>();
    backends.forEach(b -> map.put(b.label(), b.kernels()));
    return map;
  }

  /** The scalar loops with each team, each width with the team that the seed gives it, devices. */
  private static List<Backend> drawn(long seed) {
    List<Backend> some = new ArrayList<>(BACKENDS.subList(0, THREADS.length));
    for (int i = 0; i < WIDTHS.length; i++) {
      int team = (int) Math.floorMod(seed + i, (long) THREADS.length);
      some.add(BACKENDS.get((i + 1) * THREADS.length + team));
    }
    int devices = (1 + WIDTHS.length) * THREADS.length;
    some.addAll(BACKENDS.subList(devices, BACKENDS.size()));
    return some;
  }

  /** Runs every check of a case with values drawn from the seed. */
  public static void check(OpCase c, long seed) {
    check(c, draw(c, seed), seed);
  }

  /** Runs every check of a case with the values given, the gradient of the result drawn. */
  public static void check(OpCase c, float[][] in, long seed) {
    float[] gradOutput = weights(c.op().infer(c.shapes()), seed);
    againstOracle(c, in, seed, gradOutput, everywhere(c, in, gradOutput, seed));
  }

  /** Equal bits on all backends for drawn values: for cases that are large for the other checks. */
  public static void sameBits(OpCase c, long seed) {
    sameBits(c, draw(c, seed), seed);
  }

  /** Equal bits on all backends for given values, the gradient of the result drawn. */
  public static void sameBits(OpCase c, float[][] in, long seed) {
    everywhere(c, in, weights(c.op().infer(c.shapes()), seed), seed);
  }

  /** Equal bits on all backends for given values and a given gradient of the result. */
  public static void sameBits(OpCase c, float[][] in, float[] gradOutput, long seed) {
    everywhere(c, in, gradOutput, seed);
  }

  /** What the reference gives, and all others gave too. */
  private static Result everywhere(OpCase c, float[][] in, float[] gradOutput, long seed) {
    Result expected = run(c, in, gradOutput, REFERENCE);
    long size = expected.value().length;
    for (float[] x : in) {
      size += x.length;
    }
    for (Backend backend : size <= SMALL ? BACKENDS : drawn(seed)) {
      if (backend.kernels() != REFERENCE) {
        compare(c, in, seed, backend, expected, run(c, in, gradOutput, backend.kernels()));
      }
    }
    return expected;
  }

  private static void compare(
      OpCase c, float[][] in, long seed, Backend backend, Result expected, Result got) {
    String where =
        "%s, seed %d, case %s, op %s, shapes %s"
            .formatted(backend, seed, c.name(), c.op(), c.shapes());
    Bits.assertEqual(expected.value(), got.value(), where + ": value");
    for (int i = 0; i < in.length; i++) {
      if (c.gradients().get(i)) {
        Bits.assertEqual(
            expected.gradients().get(i), got.gradients().get(i), where + ": gradient " + i);
      }
    }
  }

  private record Result(float[] value, List<float[]> gradients) {}

  private static Result run(OpCase c, float[][] in, float[] gradOutput, Kernels kernels) {
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
                  tape.backward(List.of(y), List.of(Tensor.of(y.shape(), gradOutput.clone())));
              for (int i = 0; i < in.length; i++) {
                gradients.add(c.gradients().get(i) ? g.of(inputs[i]).toArray() : null);
              }
            }
            return new Result(value, gradients);
          }
        });
  }

  private static void againstOracle(
      OpCase c, float[][] in, long seed, float[] gradOutput, Result got) {
    double[][] x = new double[in.length][];
    for (int i = 0; i < in.length; i++) {
      x[i] = widen(in[i]);
    }
    String where = "%s %s, seed %d".formatted(c.name(), c.shapes(), seed);
    double[] value = c.oracle().apply(x);
    double limit =
        c.tolerance() * Math.max(cancelled(largest(x), size(x), value.length), largest(value));
    close(widen(got.value()), value, limit, where + ": value");
    for (int i = 0; i < in.length; i++) {
      if (c.gradients().get(i)) {
        differences(c, x, i, gradOutput, seed, widen(got.gradients().get(i)), where);
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
    double limit = (10 * c.tolerance() + 1e-6) * Math.max(cancelled(1, w.length, n), largest(got));
    for (int p = 0; p < expected.length; p++) {
      if (!(Math.abs(probed[p] - expected[p]) <= limit)) {
        throw new AssertionError(
            "%s: gradient %d is %s, differences say %s (limit %s)"
                .formatted(where, i, probed[p], expected[p], limit));
      }
    }
  }

  /**
   * Below this, a result can be what is left where its terms cancelled, and then holds their
   * rounding: a hundredth of a term, times the square root of how many terms there are for each
   * result. Errors are relative to the larger of this and the largest result.
   */
  private static double cancelled(double term, int terms, int results) {
    return 1e-2 * term * Math.sqrt(Math.max(1, terms / Math.max(1, results)));
  }

  private static int size(double[][] x) {
    return Arrays.stream(x).mapToInt(each -> each.length).sum();
  }

  private static double largest(double[]... x) {
    return Arrays.stream(x).flatMapToDouble(Arrays::stream).map(Math::abs).max().orElse(0);
  }

  private static void close(double[] got, double[] expected, double limit, String where) {
    if (got.length != expected.length) {
      throw new AssertionError(where + ": " + got.length + " elements, oracle " + expected.length);
    }
    for (int i = 0; i < got.length; i++) {
      if (!(Math.abs(got[i] - expected[i]) <= limit)) {
        throw new AssertionError(
            "%s: element %d is %s, oracle says %s (limit %s)"
                .formatted(where, i, got[i], expected[i], limit));
      }
    }
  }

  /** The values of a case for a seed, each input from its range. */
  public static float[][] draw(OpCase c, long seed) {
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
