package engine.reference;

/**
 * The state space duality algorithm as its paper lists it (Dao and Gu, "Transformers are SSMs",
 * 2024, listing 1), for one head of one sequence, in double precision and without any thought of
 * speed: the text to read before the kernels, which are held against it.
 *
 * <p>The model (Eq. 3) is h_t = exp(a_t) h_{t-1} + x_t B_t^T, y_t = h_t C_t, where x and a already
 * hold the step width: x_t = dt_t u_t, a_t = dt_t A. Written as one product (Eq. 4), y = M x, M is
 * lower triangular: M_ts = (C_t . B_s) exp(a_{s+1} + ... + a_t). Cut into blocks of q steps, the
 * blocks on the diagonal are small attentions, and those below it have low rank: what a chunk
 * leaves behind is a state [p, n], however long the chunk is.
 *
 * <p>The steps of {@link #run}, named as in the listing:
 *
 * <ol>
 *   <li>the output of each chunk by itself, the diagonal blocks ({@code chunkScan});
 *   <li>the state of each chunk by itself, the right factor of the blocks below the diagonal, their
 *       B terms ({@code chunkState});
 *   <li>the recurrence from chunk to chunk, the middle factor, their A terms ({@code
 *       statePassing});
 *   <li>from states to outputs, the left factor, their C terms ({@code stateToOutput});
 *   <li>the sum of what the blocks on and below the diagonal gave.
 * </ol>
 *
 * <p>Letters: t, s steps, l of them; q steps of a chunk; p the head's width; n the state's.
 *
 * @param x inputs [l, p]
 * @param a logarithms of the decays [l]
 * @param b [l, n]
 * @param c [l, n]
 * @param initial the state before the first step [p, n]
 * @param chunk q, at least 1; the last chunk may be shorter
 */
public record SsdListing(
    double[][] x, double[] a, double[][] b, double[][] c, double[][] initial, int chunk) {

  /**
   * What a sequence gives.
   *
   * @param y outputs [l, p]
   * @param finalState the state behind the last step [p, n]
   */
  public record Result(double[][] y, double[][] finalState) {}

  public SsdListing {
    if (chunk < 1) {
      throw new IllegalArgumentException("[ssdListing] a chunk has 1 step or more, got " + chunk);
    }
    if (a.length != x.length || b.length != x.length || c.length != x.length) {
      throw new IllegalArgumentException(
          "[ssdListing] wants as many rows of a, b and c as of x: x=%d a=%d b=%d c=%d"
              .formatted(x.length, a.length, b.length, c.length));
    }
  }

  /** y [l, p] and the state behind the last step [p, n]. */
  public Result run() {
    int chunks = (x.length + chunk - 1) / chunk;
    double[][] y = new double[x.length][];
    double[][] state = initial;
    for (int k = 0; k < chunks; k++) {
      int from = k * chunk;
      int to = Math.min(from + chunk, x.length);
      double[][] decay = exp(segsum(a, from, to));
      double[][] diagonal = chunkScan(decay, from, to);
      double[][] added = chunkState(decay, from, to);
      double[][] offDiagonal = stateToOutput(state, from, to);
      for (int t = from; t < to; t++) {
        y[t] = plus(diagonal[t - from], offDiagonal[t - from]);
      }
      state = statePassing(state, added, from, to);
    }
    return new Result(y, state);
  }

  /**
   * segsum_ts = a_{s+1} + ... + a_t for s &lt;= t, minus infinity above the diagonal; exp of it is
   * the 1-semiseparable matrix of the decays.
   */
  private static double[][] segsum(double[] a, int from, int to) {
    double[][] sums = new double[to - from][to - from];
    for (int t = 0; t < sums.length; t++) {
      for (int s = 0; s < sums.length; s++) {
        sums[t][s] = s > t ? Double.NEGATIVE_INFINITY : sum(a, from + s + 1, from + t + 1);
      }
    }
    return sums;
  }

  /** Step 1, within a chunk: Y = (L o C B^T) X with L the decays. */
  private double[][] chunkScan(double[][] decay, int from, int to) {
    double[][] y = new double[to - from][x[0].length];
    for (int t = from; t < to; t++) {
      for (int s = from; s < to; s++) {
        double weight = decay[t - from][s - from] * dot(c[t], b[s]);
        addTo(y[t - from], weight, x[s]);
      }
    }
    return y;
  }

  /** Step 2, what a chunk adds to the state behind it: sum over s of decay_{last,s} x_s B_s^T. */
  private double[][] chunkState(double[][] decay, int from, int to) {
    double[][] added = new double[x[0].length][b[0].length];
    double[] toTheEnd = decay[to - 1 - from];
    for (int s = from; s < to; s++) {
      for (int p = 0; p < added.length; p++) {
        addTo(added[p], toTheEnd[s - from] * x[s][p], b[s]);
      }
    }
    return added;
  }

  /**
   * Step 3, from chunk to chunk: the state decays over the whole chunk, and the chunk's is added.
   */
  private double[][] statePassing(double[][] state, double[][] added, int from, int to) {
    double wholeChunk = StrictMath.exp(sum(a, from, to));
    double[][] next = new double[state.length][];
    for (int p = 0; p < state.length; p++) {
      next[p] = added[p].clone();
      addTo(next[p], wholeChunk, state[p]);
    }
    return next;
  }

  /** Step 4, from the state before a chunk to its outputs: y_t = exp(a_from + ... + a_t) S C_t. */
  private double[][] stateToOutput(double[][] state, int from, int to) {
    double[][] y = new double[to - from][state.length];
    for (int t = from; t < to; t++) {
      double decay = StrictMath.exp(sum(a, from, t + 1));
      for (int p = 0; p < state.length; p++) {
        y[t - from][p] = decay * dot(state[p], c[t]);
      }
    }
    return y;
  }

  private static double[][] exp(double[][] m) {
    double[][] out = new double[m.length][m.length];
    for (int i = 0; i < m.length; i++) {
      for (int j = 0; j < m.length; j++) {
        out[i][j] = StrictMath.exp(m[i][j]);
      }
    }
    return out;
  }

  private static double sum(double[] a, int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += a[i];
    }
    return sum;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /** Step 5, of one output: what the blocks on and below the diagonal gave. */
  private static double[] plus(double[] a, double[] b) {
    double[] sum = a.clone();
    addTo(sum, 1, b);
    return sum;
  }

  private static void addTo(double[] sum, double factor, double[] a) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += factor * a[i];
    }
  }
}
