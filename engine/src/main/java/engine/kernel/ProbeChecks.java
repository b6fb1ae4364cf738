package engine.kernel;

import engine.tensor.Storage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The checks of a probe on a backend: how its kernels are called, and what was found. */
final class ProbeChecks {
  private final Kernels kernels;
  private final List<ProbeReport.Check> checks = new ArrayList<>();

  ProbeChecks(Kernels kernels) {
    this.kernels = kernels;
  }

  ProbeReport report() {
    return new ProbeReport(kernels.name(), checks);
  }

  /** What one check compares: the results of some kernels, element by element. */
  static final class Comparison {
    private ProbeReport.@Nullable Check found;
    private final String name;

    private Comparison(String name) {
      this.name = name;
    }

    /** Holds results against what they should be; every NaN counts as the same. */
    void equal(String kernel, float[] expected, float[] got) {
      for (int i = 0; i < expected.length && (found == null || found.passed()); i++) {
        int e = Float.floatToIntBits(expected[i]);
        int g = Float.floatToIntBits(got[i]);
        String where = kernel + "[" + i + "]";
        found =
            new ProbeReport.Check(
                name, where, Integer.toUnsignedLong(e), Integer.toUnsignedLong(g));
      }
    }
  }

  /** A check that compares results. */
  void check(String name, Consumer<Comparison> body) {
    Comparison comparison = new Comparison(name);
    body.accept(comparison);
    checks.add(comparison.found);
  }

  /** A check that compares a hash. */
  void hash(String name, String kernel, long expected, long got) {
    checks.add(new ProbeReport.Check(name, "hash of " + kernel, expected, got));
  }

  Kernels kernels() {
    return kernels;
  }

  /** A kernel: reads the first storages, writes the last. */
  @FunctionalInterface
  interface Call {
    void run(Storage[] s);
  }

  /** Runs a kernel on copies of some arrays; returns the n elements that it writes. */
  float[] run(int n, Call call, float[]... in) {
    Storage[] s = new Storage[in.length + 1];
    for (int i = 0; i < in.length; i++) {
      s[i] = kernels.allocate(in[i].length);
      s[i].write(in[i]);
    }
    s[in.length] = kernels.allocate(n);
    call.run(s);
    float[] result = new float[n];
    s[in.length].read(result);
    for (Storage each : s) {
      each.release();
    }
    return result;
  }

  /** A function of every element. */
  float[] unary(Unary f, float[] x) {
    return run(x.length, s -> kernels.elementwise().unary(f, s[0], s[1], x.length), x);
  }

  /** A function of the elements of two rows. */
  float[] binary(Binary f, float[] a, float[] b) {
    int[] whole = {a.length};
    BroadcastArgs row = new BroadcastArgs(whole, new int[] {1}, new int[] {1});
    return run(a.length, s -> kernels.elementwise().binary(f, row, s[0], s[1], s[2]), a, b);
  }

  /** Runs a kernel that changes its first argument in place. */
  float[] inPlace(Call call, float[]... in) {
    return run(
        in[0].length,
        s -> {
          call.run(s);
          kernels.copies().copy(s[0], s[in.length], in[0].length);
        },
        in);
  }

  /** n fixed numbers: any mantissa, exponents from low to high, both signs. */
  static float[] noise(int n, int salt, int low, int high) {
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      int bits = (i + 1) * 0x9E3779B1 ^ salt * 0x85EBCA6B;
      bits = (bits ^ bits >>> 15) * 0x2C1B3C6D;
      bits ^= bits >>> 13;
      int exponent = low + Math.floorMod(bits >>> 9, high - low + 1);
      bits *= 0x297A2D39;
      int sign = bits & 0x80000000;
      x[i] = Float.intBitsToFloat(sign | (exponent + 127) << 23 | (bits >>> 4 & 0x007FFFFF));
    }
    return x;
  }
}
