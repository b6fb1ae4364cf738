package engine.random;

import engine.numeric.Numerics;
import java.util.Objects;

/**
 * Random draws by index. Immutable; each draw is a function of the key and the index alone, so any
 * part can be drawn by any thread, on any device, in any order.
 *
 * <p>Kinds of draws never share random words: word {@code w} of kind {@code d} is word {@code w mod
 * 4} of Philox for the counter (low 32 bits of w/4, high 32 bits of w/4, d, 0).
 *
 * <pre>
 *   kind           d   words of draw i   value
 *   uniform        0   i                 (word >>> 8) 2^-24
 *   normal         1   j, j+1, j = i - i mod 2   u = fma((float) first, 2^-32, 2^-33), the word unsigned;
 *                                        v = (second >>> 8) 2^-24; radius = sqrt(-2 log u), angle = 2pi v;
 *                                        radius cos(angle) for even i, radius sin(angle) for odd i
 *   below          2   2i, 2i+1          floor(bound (first + 2^32 second) / 2^64)
 *   permutation    3   as below          Fisher-Yates from the last place down, place j by draw j
 * </pre>
 *
 * The steps of normal are float32, one rounding each: {@code r = sqrt(-2f * log(u))}, {@code a =
 * 0x1.921fb6p+2f * v}, {@code r * cos(a)}, with the functions of {@link Numerics}. Normal draws
 * stay within +-6.77, which a true normal exceeds once in 10^11 draws.
 */
public final class CounterRandom {
  private static final int UNIFORM = 0;
  private static final int NORMAL = 1;
  private static final int BELOW = 2;
  private static final int PERMUTATION = 3;
  private static final float TWO_PI = 0x1.921fb6p+2f;

  private final long key;

  CounterRandom(long philoxKey) {
    this.key = philoxKey;
  }

  /** out[i] = draw i of the uniform distribution on [0, 1), for from <= i < to; 24 bits each. */
  public void uniform(float[] out, int from, int to) {
    Objects.checkFromToIndex(from, to, out.length);
    int[] block = new int[4];
    for (int i = from; i < to; i++) {
      fill(block, UNIFORM, i, i == from);
      out[i] = unit(block[i & 3]);
    }
  }

  /** Draw i >= 0 of the uniform distribution on [0, 1). */
  public float uniform(long i) {
    int[] block = new int[4];
    fill(block, UNIFORM, i, true);
    return unit(block[(int) i & 3]);
  }

  /** out[i] = draw i of the normal distribution of mean 0 and variance 1, for from <= i < to. */
  public void normal(float[] out, int from, int to) {
    Objects.checkFromToIndex(from, to, out.length);
    int[] block = new int[4];
    float[] four = new float[4];
    for (int i = from; i < to; i++) {
      if (i == from || (i & 3) == 0) {
        Philox.block(i >>> 2, NORMAL, key, block);
        normalPair(block, 0, four);
        normalPair(block, 2, four);
      }
      out[i] = four[i & 3];
    }
  }

  /** Draw i >= 0 of the normal distribution. */
  public float normal(long i) {
    int[] block = new int[4];
    float[] four = new float[4];
    fill(block, NORMAL, i, true);
    normalPair(block, (int) i & 2, four);
    return four[(int) i & 3];
  }

  /**
   * Draw i >= 0 of the integers 0 to bound - 1. No value is more likely than another by more than
   * bound / 2^64 of its probability.
   */
  public int below(int bound, long i) {
    return below(BELOW, bound, i);
  }

  /** The integers 0 to n - 1 in random order. */
  public int[] permutation(int n) {
    int[] order = new int[n];
    for (int j = 0; j < n; j++) {
      order[j] = j;
    }
    for (int j = n - 1; j > 0; j--) {
      int other = below(PERMUTATION, j + 1, j);
      int moved = order[j];
      order[j] = order[other];
      order[other] = moved;
    }
    return order;
  }

  private int below(int kind, int bound, long i) {
    if (bound <= 0) {
      throw new IllegalArgumentException("[random] bound must be positive, is " + bound);
    }
    int[] block = new int[4];
    fill(block, kind, 2 * i, true);
    long word = Philox.pair(block, (int) (i & 1) * 2);
    return (int) Math.unsignedMultiplyHigh(word, bound);
  }

  /**
   * Makes {@code block} the one that holds word i, where it begins one or is the first asked for.
   */
  private void fill(int[] block, int kind, long i, boolean first) {
    if (first || (i & 3) == 0) {
      Philox.block(i >>> 2, kind, key, block);
    }
  }

  private static float unit(int word) {
    return (word >>> 8) * 0x1p-24f;
  }

  /** Draws j and j + 1 of a block, from its words j and j + 1. */
  private static void normalPair(int[] block, int j, float[] out) {
    float u = Math.fma((float) Integer.toUnsignedLong(block[j]), 0x1p-32f, 0x1p-33f);
    float radius = Numerics.sqrt(-2f * Numerics.log(u));
    float angle = TWO_PI * unit(block[j + 1]);
    out[j] = radius * Numerics.cos(angle);
    out[j + 1] = radius * Numerics.sin(angle);
  }
}
