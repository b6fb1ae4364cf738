package engine.kernel.scalar;

import engine.kernel.Workers;

/**
 * What group norm and batch norm share: sums over runs of memory by N5, and passes over planes, the
 * contiguous elements of one batch item and channel. Work is split by blocks of N5, whose sums are
 * outputs of their own, so that a few large runs keep all workers busy.
 *
 * @param count planes: batch * channels
 * @param size elements of a plane
 * @param channels plane p belongs to channel p mod channels, whose weight and bias it takes
 * @param shared neighbouring planes that share one mean and rstd
 * @param statistics plane p takes mean and rstd of index p / shared mod statistics
 */
record ScalarPlanes(int count, int size, int channels, int shared, int statistics) {
  private static final int BLOCK = ScalarReduce.BLOCK;
  private static final int GRAIN = 8192;

  /** A mean and a 1 / sqrt(variance + eps) for each statistic. */
  record Statistics(float[] mean, float[] rstd) {}

  /** What is taken from every element of a plane: a, and b times xhat; indexed like mean. */
  record Shares(float[] a, float[] b) {}

  private int statistic(int plane) {
    return plane / shared % statistics;
  }

  /** The work on n elements from {@code from}, inside one run, with a block of scratch memory. */
  @FunctionalInterface
  private interface BlockBody {
    void run(int run, int block, int from, int n, float[] scratch);
  }

  private static int blocks(int length) {
    return Math.max(1, (length + BLOCK - 1) / BLOCK);
  }

  private static void forEachBlock(Workers workers, int count, int length, BlockBody body) {
    int blocks = blocks(length);
    int most = Math.min(length, BLOCK);
    workers.ranges(
        count * blocks,
        Math.max(1, GRAIN / Math.max(1, most)),
        (from, to) -> {
          float[] scratch = new float[most];
          for (int t = from; t < to; t++) {
            int at = t % blocks * BLOCK;
            int n = Math.min(BLOCK, length - at);
            body.run(t / blocks, t, t / blocks * length + at, n, scratch);
          }
        });
  }

  /** The sum of each run from the sums of its blocks. */
  private static void join(Runs runs, float[] sums, int count, int blocks, float[] out) {
    for (int run = 0; run < count; run++) {
      out[run] = runs.sum(sums, run * blocks, blocks);
    }
  }

  /** out[r] = the sum of run r of {@code length} elements. */
  static void sums(Workers workers, Runs runs, float[] x, int count, int length, float[] out) {
    int blocks = blocks(length);
    float[] sums = new float[count * blocks];
    forEachBlock(
        workers,
        count,
        length,
        (run, block, from, n, scratch) -> sums[block] = runs.sum(x, from, n));
    join(runs, sums, count, blocks, out);
  }

  /** out[r] = the sum of (x - mean[r mod mean.length])^2 over run r. */
  static void squares(
      Workers workers, Runs runs, float[] x, float[] mean, int count, int length, float[] out) {
    int blocks = blocks(length);
    float[] sums = new float[count * blocks];
    forEachBlock(
        workers,
        count,
        length,
        (run, block, from, n, scratch) -> {
          runs.squares(x, from, mean[run % mean.length], scratch, n);
          sums[block] = runs.sum(scratch, 0, n);
        });
    join(runs, sums, count, blocks, out);
  }

  /** y = ((x - mean) * rstd) * weight + bias. */
  void normalise(
      Workers workers, float[] x, Statistics of, float[] weight, float[] bias, float[] y) {
    float[] mean = of.mean();
    float[] rstd = of.rstd();
    forEachBlock(
        workers,
        count,
        size,
        (plane, block, from, n, scratch) -> {
          int s = statistic(plane);
          int c = plane % channels;
          affine(x, mean[s], rstd[s], weight[c], bias[c], y, from, from + n);
        });
  }

  private static void affine(
      float[] x, float m, float r, float w, float b, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = ((x[i] - m) * r) * w + b;
    }
  }

  /** Per plane the sums of g and of g * xhat. */
  void gradSums(
      Workers workers,
      Runs runs,
      float[] x,
      Statistics of,
      float[] g,
      float[] sumG,
      float[] sumGx) {
    float[] mean = of.mean();
    float[] rstd = of.rstd();
    int blocks = blocks(size);
    float[] partG = new float[count * blocks];
    float[] partGx = new float[count * blocks];
    forEachBlock(
        workers,
        count,
        size,
        (plane, block, from, n, scratch) -> {
          int s = statistic(plane);
          products(g, x, from, mean[s], rstd[s], scratch, n);
          partG[block] = runs.sum(g, from, n);
          partGx[block] = runs.sum(scratch, 0, n);
        });
    join(runs, partG, count, blocks, sumG);
    join(runs, partGx, count, blocks, sumGx);
  }

  private static void products(
      float[] g, float[] x, int from, float m, float r, float[] product, int n) {
    for (int i = 0; i < n; i++) {
      product[i] = g[from + i] * ((x[from + i] - m) * r);
    }
  }

  /** gradInput = ((g * weight - a) - xhat * b) * rstd. */
  void gradInput(
      Workers workers,
      float[] x,
      Statistics of,
      float[] weight,
      float[] g,
      Shares shares,
      float[] gradInput) {
    float[] mean = of.mean();
    float[] rstd = of.rstd();
    float[] a = shares.a();
    float[] b = shares.b();
    forEachBlock(
        workers,
        count,
        size,
        (plane, block, from, n, scratch) -> {
          int s = statistic(plane);
          float w = weight[plane % channels];
          gradient(x, mean[s], rstd[s], w, g, a[s], b[s], gradInput, from, from + n);
        });
  }

  private static void gradient(
      float[] x,
      float m,
      float r,
      float w,
      float[] g,
      float a,
      float b,
      float[] gx,
      int from,
      int to) {
    for (int i = from; i < to; i++) {
      gx[i] = ((g[i] * w - a) - ((x[i] - m) * r) * b) * r;
    }
  }

  /** gradInput = (g * weight) * rstd: mean and rstd are constants. */
  void scaleGradient(Workers workers, float[] rstd, float[] weight, float[] g, float[] gradInput) {
    forEachBlock(
        workers,
        count,
        size,
        (plane, block, from, n, scratch) -> {
          float r = rstd[statistic(plane)];
          float w = weight[plane % channels];
          for (int i = from; i < from + n; i++) {
            gradInput[i] = (g[i] * w) * r;
          }
        });
  }
}
