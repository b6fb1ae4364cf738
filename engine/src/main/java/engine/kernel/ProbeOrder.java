package engine.kernel;

import engine.numeric.NumericContract;

/**
 * The order of sums: N5 for reductions, N1 for products, N3 for convolutions. The numbers span many
 * exponents, so that another order gives other bits.
 */
final class ProbeOrder {
  private static final int SEGMENT = NumericContract.SEGMENT;
  private static final int CHAIN = NumericContract.SUM_CHAIN;
  private static final int BLOCK = NumericContract.SUM_BLOCK;
  private static final int LANES = NumericContract.SUM_LANES;

  private final ProbeChecks probe;
  private final Kernels k;

  private ProbeOrder(ProbeChecks probe) {
    this.probe = probe;
    this.k = probe.kernels();
  }

  static void run(ProbeChecks probe) {
    ProbeOrder p = new ProbeOrder(probe);
    probe.check("sum order", p::sums);
    probe.check("product order", p::products);
  }

  private void sums(ProbeChecks.Comparison c) {
    for (int n : new int[] {37, BLOCK + 77}) {
      float[] x = ProbeChecks.noise(n, 4, -12, 12);
      c.equal(
          "reduceSum [" + n + "]",
          new float[] {lanes(x, 0, n)},
          probe.run(1, s -> k.reduce().sum(new ReduceArgs(1, n, 1), s[0], s[1]), x));
    }
    int rows = CHAIN + 5;
    int inner = 3;
    float[] x = ProbeChecks.noise(rows * inner, 5, -12, 12);
    float[] expected = new float[inner];
    for (int i = 0; i < inner; i++) {
      expected[i] = chains(x, i, rows, inner);
    }
    c.equal(
        "reduceSum [" + rows + ",3]",
        expected,
        probe.run(inner, s -> k.reduce().sum(new ReduceArgs(1, rows, inner), s[0], s[1]), x));
  }

  /** N5 for inner = 1. */
  private static float lanes(float[] x, int from, int n) {
    if (n > BLOCK) {
      float[] sums = new float[(n + BLOCK - 1) / BLOCK];
      for (int b = 0; b < sums.length; b++) {
        sums[b] = lanes(x, from + b * BLOCK, Math.min(BLOCK, n - b * BLOCK));
      }
      return lanes(sums, 0, sums.length);
    }
    float[] lane = new float[LANES];
    for (int i = 0; i < n; i++) {
      lane[i % LANES] += x[from + i];
    }
    for (int half = LANES / 2; half > 0; half /= 2) {
      for (int i = 0; i < half; i++) {
        lane[i] += lane[i + half];
      }
    }
    return lane[0];
  }

  /** N5 for inner > 1: the sum of x[at], x[at + inner], ... */
  private static float chains(float[] x, int at, int rows, int inner) {
    if (rows <= CHAIN) {
      float sum = 0f;
      for (int r = 0; r < rows; r++) {
        sum += x[at + r * inner];
      }
      return sum;
    }
    float[] sums = new float[(rows + CHAIN - 1) / CHAIN];
    for (int b = 0; b < sums.length; b++) {
      sums[b] = chains(x, at + b * CHAIN * inner, Math.min(CHAIN, rows - b * CHAIN), inner);
    }
    return chains(sums, 0, sums.length, 1);
  }

  private void products(ProbeChecks.Comparison c) {
    int n = SEGMENT + 100;
    float[] a = ProbeChecks.noise(2 * n, 6, -6, 6);
    float[] b = ProbeChecks.noise(n * 3, 7, -6, 6);
    float[] bias = {1f / 3, 2f / 3, 5f / 3};
    float[] expected = new float[6];
    for (int i = 0; i < 6; i++) {
      expected[i] = segments(a, i / 3 * n, 1, b, i % 3, 3, n) + bias[i % 3];
    }
    MatmulArgs args = MatmulArgs.single(2, 3, n, false, false);
    c.equal(
        "matmul",
        expected,
        probe.run(6, s -> k.matmul().multiply(args, s[0], s[1], s[2], s[3]), a, b, bias));
    convolution(c);
    gradWeight(c);
  }

  /** N1: segments of 512, each a chain of fma. */
  private static float segments(
      float[] a, int atA, int stepA, float[] b, int atB, int stepB, int n) {
    float total = 0f;
    for (int from = 0; from < n; from += SEGMENT) {
      float sum = 0f;
      for (int i = from; i < Math.min(n, from + SEGMENT); i++) {
        sum = Math.fma(a[atA + i * stepA], b[atB + i * stepB], sum);
      }
      total = from == 0 ? sum : total + sum;
    }
    return total;
  }

  /** One window: (ci, kt, kh, kw) is the order in which input and weight lie in memory. */
  private void convolution(ProbeChecks.Comparison c) {
    int channels = 30;
    int n = channels * 18;
    float[] x = ProbeChecks.noise(n, 8, -6, 6);
    float[] w = ProbeChecks.noise(2 * n, 9, -6, 6);
    float[] expected = {segments(w, 0, 1, x, 0, 1, n), segments(w, n, 1, x, 0, 1, n)};
    Conv3dArgs args =
        new Conv3dArgs(1, channels, 2, 3, 3, 2, 2, 3, 3, Stride3.ONE, Padding3.NONE, 1);
    c.equal(
        "conv3d",
        expected,
        probe.run(2, s -> k.conv3d().forward(args, s[0], s[1], null, s[2]), x, w));
  }

  /** A kernel of one tap: its gradient sums over (n, t', h', w'). */
  private void gradWeight(ProbeChecks.Comparison c) {
    int n = 2 * 16 * 17;
    float[] x = ProbeChecks.noise(n, 10, -6, 6);
    float[] g = ProbeChecks.noise(n, 11, -6, 6);
    Conv3dArgs args = new Conv3dArgs(1, 1, 2, 16, 17, 1, 1, 1, 1, Stride3.ONE, Padding3.NONE, 1);
    c.equal(
        "conv3dGradWeight",
        new float[] {segments(x, 0, 1, g, 0, 1, n)},
        probe.run(1, s -> k.conv3d().gradWeight(args, s[0], s[1], s[2]), x, g));
  }
}
