package medsora.metric.distance;

/**
 * Draws of NumPy's {@code RandomState(seed)}, a Mersenne twister (Matsumoto and Nishimura 1998,
 * MT19937), which public programs shuffle features by and make test clips with. For reproducing
 * those alone: every draw of our own is by counter ({@link engine.random.CounterRandom}).
 */
public final class NumpyRandom {
  private static final int WORDS = 624;
  private static final int SHIFT = 397;
  private static final int UPPER = 0x80000000;
  private static final int LOWER = 0x7fffffff;
  private static final int MATRIX = 0x9908b0df;

  private final int[] state = new int[WORDS];
  private int next = WORDS;

  /** As {@code numpy.random.RandomState(seed)} with a whole number from 0 to 2^32 - 1. */
  public NumpyRandom(int seed) {
    state[0] = seed;
    for (int i = 1; i < WORDS; i++) {
      state[i] = 1812433253 * (state[i - 1] ^ (state[i - 1] >>> 30)) + i;
    }
  }

  private int word() {
    if (next == WORDS) {
      twist();
      next = 0;
    }
    int y = state[next++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return y ^ (y >>> 18);
  }

  private void twist() {
    for (int i = 0; i < WORDS; i++) {
      int y = (state[i] & UPPER) | (state[(i + 1) % WORDS] & LOWER);
      state[i] = state[(i + SHIFT) % WORDS] ^ (y >>> 1) ^ ((y & 1) == 0 ? 0 : MATRIX);
    }
  }

  /** A number in 0 .. max: words cut to the bits of max until one is not above it. */
  private int atMost(int max) {
    int mask = max == 0 ? 0 : -1 >>> Integer.numberOfLeadingZeros(max);
    int value = max == 0 ? 0 : word() & mask;
    while (value > max) {
      value = word() & mask;
    }
    return value;
  }

  /** {@code rand()}: the next of 2^53 numbers in [0, 1). */
  public double uniform() {
    int high = word() >>> 5;
    int low = word() >>> 6;
    return (high * 0x1p26 + low) * 0x1p-53;
  }

  /** {@code permutation(n)}, which is {@code shuffle} of 0 .. n - 1: new row i is old row [i]. */
  public int[] permutation(int n) {
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      order[i] = i;
    }
    for (int i = n - 1; i > 0; i--) {
      int other = atMost(i);
      int moved = order[i];
      order[i] = order[other];
      order[other] = moved;
    }
    return order;
  }

  /** {@code choice(n, size, replace=False)}: the first of a permutation. */
  public int[] choice(int n, int size) {
    return java.util.Arrays.copyOf(permutation(n), size);
  }
}
