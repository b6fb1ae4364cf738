package engine.kernel;

import engine.numeric.Numerics;

/** Whether numbers below the normal ones are kept: as arguments, as results and on the way. */
final class ProbeDenormals {
  private static final int N = ProbeArithmetic.N;

  private final ProbeChecks probe;
  private final Kernels k;

  ProbeDenormals(ProbeChecks probe) {
    this.probe = probe;
    this.k = probe.kernels();
  }

  void compare(ProbeChecks.Comparison c) {
    float[] tiny = new float[N];
    for (int i = 0; i < N; i++) {
      tiny[i] = Float.intBitsToFloat(1 + i * 0x1E5A7);
    }
    float[] small = new float[N];
    float[] half = new float[N];
    float[] sum = new float[N];
    float[] difference = new float[N];
    float[] product = new float[N];
    float[] root = new float[N];
    float[] log = new float[N];
    for (int i = 0; i < N; i++) {
      small[i] = Float.MIN_NORMAL * (1f + i * 0x1p-7f);
      half[i] = 0.5f + i * 0x1p-10f;
      sum[i] = tiny[i] + tiny[N - 1 - i];
      difference[i] = small[i] - tiny[i];
      product[i] = small[i] * half[i];
      root[i] = (float) Math.sqrt(tiny[i]);
      log[i] = Numerics.log(tiny[i]);
    }
    c.equal("copy", tiny, probe.run(N, s -> k.copies().copy(s[0], s[1], N), tiny));
    c.equal("binary add", sum, probe.binary(Binary.ADD, tiny, reversed(tiny)));
    c.equal("binary sub", difference, probe.binary(Binary.SUB, small, tiny));
    c.equal("binary mul", product, probe.binary(Binary.MUL, small, half));
    c.equal(
        "affine",
        product,
        probe.run(N, s -> k.elementwise().affine(s[0], 1f, 0f, s[1], N), product));
    c.equal("unary sqrt", root, probe.unary(Unary.SQRT, tiny));
    c.equal("unary log", log, probe.unary(Unary.LOG, tiny));
    MatmulArgs args = MatmulArgs.single(1, N, 1, false, false);
    float[] one = {0.5f};
    float[] halves = new float[N];
    for (int i = 0; i < N; i++) {
      halves[i] = Math.fma(0.5f, small[i], 0f);
    }
    c.equal(
        "matmul",
        halves,
        probe.run(N, s -> k.matmul().multiply(args, s[0], s[1], null, s[2]), one, small));
    ReduceArgs pairs = new ReduceArgs(N, 1, 1);
    c.equal("reduceSum", tiny, probe.run(N, s -> k.reduce().sum(pairs, s[0], s[1]), tiny));
    addend(c, tiny);
  }

  /** Denormal for a moment alone: the sum of a chain after its first product, of normal factors. */
  private void addend(ProbeChecks.Comparison c, float[] tiny) {
    float[] a = {0x1p-70f, 0x1p-63f};
    float[] b = new float[2 * N];
    float[] expected = new float[N];
    for (int i = 0; i < N; i++) {
      b[i] = tiny[i] * 0x1p70f;
      b[N + i] = (i % 2 == 0 ? 1f : -1f) * (0x1p-63f + i * 0x1p-70f);
      expected[i] = Math.fma(a[1], b[N + i], Math.fma(a[0], b[i], 0f));
    }
    MatmulArgs args = MatmulArgs.single(1, N, 2, false, false);
    ProbeChecks.Call product = s -> k.matmul().multiply(args, s[0], s[1], null, s[2]);
    c.equal("matmul", expected, probe.run(N, product, a, b));
  }

  private static float[] reversed(float[] x) {
    float[] y = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = x[x.length - 1 - i];
    }
    return y;
  }
}
