package engine.kernel;

/**
 * The single operations: two roundings where the contract writes a product and a sum, one where it
 * writes fma, divide and square root correctly rounded, comparisons by their rule.
 */
final class ProbeArithmetic {
  static final int N = 35;
  private static final int PAIRS = 20;

  private final ProbeChecks probe;
  private final Kernels k;

  private ProbeArithmetic(ProbeChecks probe) {
    this.probe = probe;
    this.k = probe.kernels();
  }

  static void run(ProbeChecks probe) {
    ProbeArithmetic p = new ProbeArithmetic(probe);
    probe.check("contraction", p::contraction);
    probe.check("fma", p::fma);
    probe.check("divide", p::divide);
    probe.check("square root", p::squareRoot);
    probe.check("denormals", new ProbeDenormals(probe)::compare);
    probe.check("selection", p::selection);
  }

  /** Products whose rounding shows once the sum cancels their leading digits. */
  private void contraction(ProbeChecks.Comparison c) {
    float[] a = new float[N];
    float[] b = new float[N];
    float[] minus = new float[N];
    float[] expected = new float[N];
    float[] affine = new float[N];
    float[] ema = new float[N];
    float scale = 1f + 0x1p-12f;
    for (int i = 0; i < N; i++) {
      a[i] = 1f + (2 * i + 1) * 0x1p-12f;
      b[i] = 1f + (2 * N - i) * 0x1p-13f;
      float product = a[i] * b[i];
      minus[i] = -(product + 0x1p-20f);
      expected[i] = minus[i] + product;
      affine[i] = (a[i] * scale) + -1f;
      ema[i] = (minus[i] * 1f) + (a[i] * scale);
    }
    c.equal(
        "affine", affine, probe.run(N, s -> k.elementwise().affine(s[0], scale, -1f, s[1], N), a));
    TokenArgs tokens = new TokenArgs(1, 1, N);
    c.equal(
        "gateAdd",
        expected,
        probe.run(N, s -> k.tokens().gateAdd(tokens, s[0], s[1], s[2], s[3]), minus, a, b));
    c.equal("modulate", modulated(a, b, minus), modulate(tokens, a, b, minus));
    c.equal(
        "ema",
        ema,
        probe.inPlace(
            s -> k.optimiser().ema(new EmaArgs(EmaArgs.Form.WEIGHTED, 1f, scale), s[1], s[0], N),
            minus,
            a));
    productSum(c, a, b);
    sumSquares(c);
    adam(c, a, b);
  }

  private static float[] modulated(float[] x, float[] scale, float[] shift) {
    float[] y = new float[N];
    for (int i = 0; i < N; i++) {
      y[i] = (x[i] * (1f + scale[i])) + shift[i];
    }
    return y;
  }

  private float[] modulate(TokenArgs args, float[] x, float[] scale, float[] shift) {
    return probe.run(N, s -> k.tokens().modulate(args, s[0], s[1], s[2], s[3]), x, shift, scale);
  }

  /** Two terms, so that their order does not matter. */
  private void productSum(ProbeChecks.Comparison c, float[] a, float[] b) {
    float[] twiceA = new float[2 * N];
    float[] twiceB = new float[2 * N];
    float[] expected = new float[N];
    for (int i = 0; i < N; i++) {
      twiceA[i] = a[i];
      twiceB[i] = b[i];
      twiceA[N + i] = -b[i];
      twiceB[N + i] = a[i] + 0x1p-16f;
      expected[i] = (a[i] * b[i]) + (twiceA[N + i] * twiceB[N + i]);
    }
    TokenArgs args = new TokenArgs(1, 2, N);
    c.equal(
        "productSum",
        expected,
        probe.run(N, s -> k.tokens().productSum(args, s[0], s[1], s[2]), twiceA, twiceB));
  }

  /** Elements 0 and 16 meet in one lane, all others are 0. */
  private void sumSquares(ProbeChecks.Comparison c) {
    float[] pairs = ProbeChecks.noise(2 * PAIRS, 14, -1, 0);
    float[] expected = new float[PAIRS];
    float[] got = new float[PAIRS];
    for (int i = 0; i < PAIRS; i++) {
      float[] x = new float[17];
      x[0] = pairs[2 * i];
      x[16] = pairs[2 * i + 1];
      expected[i] = (x[0] * x[0]) + (x[16] * x[16]);
      ProbeChecks.Call sum = s -> k.reduce().sumSquares(s[0], x.length, s[1], 0);
      got[i] = probe.run(1, sum, x)[0];
    }
    c.equal("sumSquares", expected, got);
  }

  private void adam(ProbeChecks.Comparison c, float[] a, float[] b) {
    AdamArgs args = new AdamArgs(0.9f, 0.1f, 0.999f, 0.001f, 0.3f, 1e-8f, 2e-3f, 0.99f, 0.5f);
    float[] expected = new float[N];
    float[] v = new float[N];
    for (int i = 0; i < N; i++) {
      v[i] = a[i] * a[i];
      float g = b[i] * 0.5f;
      float m1 = (0.9f * -b[i]) + (0.1f * g);
      float v1 = (0.999f * v[i]) + (0.001f * (g * g));
      float root = (float) Math.sqrt(v1);
      expected[i] = (a[i] * 0.99f) - (2e-3f * (m1 / ((root / 0.3f) + 1e-8f)));
    }
    float[] m = negated(b);
    c.equal(
        "adam",
        expected,
        probe.inPlace(
            s -> k.optimiser().adam(args, new AdamState(s[0], s[1], s[2], s[3]), N), a, b, m, v));
  }

  private static float[] negated(float[] x) {
    float[] y = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = -x[i];
    }
    return y;
  }

  /** Chains of two, in which the second product cancels the first but for its rounding. */
  private void fma(ProbeChecks.Comparison c) {
    float[] a = {1f + 0x1p-12f, -1f};
    float[] b = new float[2 * N];
    float[] expected = new float[N];
    for (int i = 0; i < N; i++) {
      b[i] = 1f + (2 * i + 1) * 0x1p-20f;
      b[N + i] = b[i] + 0x1p-12f;
      expected[i] = Math.fma(a[1], b[N + i], Math.fma(a[0], b[i], 0f));
    }
    // The other way round the second product is the one that is not exact.
    float[] swapped = {a[1], a[0]};
    float[] last = new float[2 * N];
    float[] expectedLast = new float[N];
    for (int i = 0; i < N; i++) {
      last[i] = b[N + i];
      last[N + i] = b[i];
      expectedLast[i] = Math.fma(swapped[1], last[N + i], Math.fma(swapped[0], last[i], 0f));
    }
    MatmulArgs args = MatmulArgs.single(1, N, 2, false, false);
    ProbeChecks.Call product = s -> k.matmul().multiply(args, s[0], s[1], null, s[2]);
    c.equal("matmul", expected, probe.run(N, product, a, b));
    c.equal("matmul", expectedLast, probe.run(N, product, swapped, last));
    Conv3dArgs conv = new Conv3dArgs(1, 2, 1, 1, N, 1, 1, 1, 1, Stride3.ONE, Padding3.NONE, 1);
    c.equal(
        "conv3d",
        expectedLast,
        probe.run(N, s -> k.conv3d().forward(conv, s[1], s[0], null, s[2]), swapped, last));
    ema(c, b);
  }

  /** Towards 0 at a rate next to 1: the product cancels the average but for its rounding. */
  private void ema(ProbeChecks.Comparison c, float[] start) {
    EmaArgs args = new EmaArgs(EmaArgs.Form.INCREMENTAL, 0f, 1f + 0x1p-12f);
    float[] expected = new float[start.length];
    for (int i = 0; i < start.length; i++) {
      expected[i] = Math.fma(0f - start[i], args.oneMinusDecay(), start[i]);
    }
    float[] zeros = new float[start.length];
    c.equal(
        "ema",
        expected,
        probe.inPlace(s -> k.optimiser().ema(args, s[1], s[0], start.length), start, zeros));
  }

  private void divide(ProbeChecks.Comparison c) {
    float[] a = ProbeChecks.noise(N, 1, -30, 30);
    float[] b = ProbeChecks.noise(N, 2, -30, 30);
    float[] quotient = new float[N];
    float[] reciprocal = new float[N];
    for (int i = 0; i < N; i++) {
      quotient[i] = a[i] / b[i];
      reciprocal[i] = 1f / b[i];
    }
    c.equal("binary div", quotient, probe.binary(Binary.DIV, a, b));
    c.equal("unary reciprocal", reciprocal, probe.unary(Unary.RECIPROCAL, b));
  }

  private void squareRoot(ProbeChecks.Comparison c) {
    float[] x = ProbeChecks.noise(N, 3, -60, 60);
    float[] root = new float[N];
    float[] inverse = new float[N];
    for (int i = 0; i < N; i++) {
      x[i] = Math.abs(x[i]);
      root[i] = (float) Math.sqrt(x[i]);
      inverse[i] = 1f / root[i];
    }
    c.equal("unary sqrt", root, probe.unary(Unary.SQRT, x));
    c.equal("unary rsqrt", inverse, probe.unary(Unary.RSQRT, x));
  }

  /** NaN, infinities and both zeros in what chooses instead of computing. */
  private void selection(ProbeChecks.Comparison c) {
    float[] odd = {0f, -0f, Float.NaN, 1f, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, -1f};
    float[] a = new float[N];
    float[] b = new float[N];
    float[] min = new float[N];
    float[] max = new float[N];
    float[] clamped = new float[N];
    float[] relu = new float[N];
    for (int i = 0; i < N; i++) {
      a[i] = odd[i % 7];
      b[i] = odd[i / 7 % 7];
      min[i] = Float.isNaN(a[i]) || a[i] < b[i] ? a[i] : b[i];
      max[i] = Float.isNaN(a[i]) || a[i] > b[i] ? a[i] : b[i];
      clamped[i] = a[i] < -0.5f ? -0.5f : a[i] > 0.5f ? 0.5f : a[i];
      relu[i] = a[i] <= 0f ? 0f : a[i];
    }
    c.equal("binary min", min, probe.binary(Binary.MIN, a, b));
    c.equal("binary max", max, probe.binary(Binary.MAX, a, b));
    c.equal(
        "clamp", clamped, probe.run(N, s -> k.elementwise().clamp(s[0], -0.5f, 0.5f, s[1], N), a));
    c.equal("unary relu", relu, probe.unary(Unary.RELU, a));
    float[] columns = {0f, -1f, Float.NaN, -0f, -0f, 2f};
    c.equal(
        "reduceMax",
        new float[] {0f, 0f, Float.NaN},
        probe.run(3, s -> k.reduce().max(new ReduceArgs(1, 2, 3), s[0], s[1]), columns));
  }
}
