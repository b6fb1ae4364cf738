package engine.random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Positive;
import org.junit.jupiter.api.Test;

class CounterRandomTest {
  private static final int N = 1 << 20;

  /** The known answers that the authors publish with their Random123 library. */
  @Test
  void philoxGivesThePublishedAnswers() {
    assertPhilox(0, 0, 0, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8);
    assertPhilox(-1, -1, -1, 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd);
    assertPhilox(
        0x85a308d3_243f6a88L,
        0x03707344_13198a2eL,
        0x299f31d0_a4093822L,
        0xd16cfe09,
        0x94fdcceb,
        0x5001e420,
        0x24126ea1);
  }

  private static void assertPhilox(long low, long high, long key, int... want) {
    int[] got = new int[4];
    Philox.block(low, high, key, got);
    assertArrayEquals(want, got);
  }

  /** The numbers themselves are part of the contract: these must never change. */
  @Test
  void drawsOfOneKeyAreFixed() {
    CounterRandom random = new RandomKey(7, 3, 11).random();
    float[] uniform = new float[5];
    float[] normal = new float[5];
    random.uniform(uniform, 0, 5);
    random.normal(normal, 0, 5);
    int[] below = IntStream.range(0, 5).map(i -> random.below(1000, i)).toArray();
    assertEquals(
        "[0.7945098, 0.25030822, 0.4946282, 0.539537, 0.94855714]", Arrays.toString(uniform));
    assertEquals(
        "[-0.27934936, -0.29345405, -1.2833693, -0.730834, 0.3168634]", Arrays.toString(normal));
    assertEquals("[715, 203, 438, 847, 429]", Arrays.toString(below));
    assertEquals("[1, 2, 0, 7, 6, 4, 3, 5]", Arrays.toString(random.permutation(8)));
  }

  /** Any split into ranges, and draws one by one, give the same numbers. */
  @Property(tries = 200)
  void drawsDoNotDependOnOrderOrRanges(
      @ForAll long seed,
      @ForAll @IntRange(min = 0, max = 40) int a,
      @ForAll @IntRange(min = 0, max = 40) int b) {
    CounterRandom random = new RandomKey(seed, 1, 2).random();
    float[] whole = new float[41];
    float[] parts = new float[41];
    int low = Math.min(a, b);
    int high = Math.max(a, b);
    random.normal(whole, 0, 41);
    random.normal(parts, high, 41);
    random.normal(parts, 0, low);
    random.normal(parts, low, high);
    assertArrayEquals(whole, parts);
    assertEquals(whole[a], random.normal(a));
    random.uniform(whole, 0, 41);
    random.uniform(parts, low, 41);
    random.uniform(parts, 0, low);
    assertArrayEquals(whole, parts);
    assertEquals(whole[b], random.uniform(b));
  }

  @Test
  void indexesBeyondTheIntegersAreDrawsOfTheirOwn() {
    CounterRandom random = new RandomKey(1, 2, 3).random();
    assertNotEquals(random.uniform(5), random.uniform(5 + (1L << 34)));
    assertNotEquals(random.normal(5), random.normal(5 + (1L << 34)));
  }

  @Test
  void uniformDrawsFillTheUnitIntervalEvenly() {
    float[] x = uniform(new RandomKey(0, 0, 0));
    int[] counts = new int[256];
    for (float value : x) {
      assertTrue(value >= 0f && value < 1f);
      counts[(int) (value * 256)]++;
    }
    // 255 degrees of freedom: mean 255, standard deviation 22.6
    assertEquals(255, chiSquare(counts), 5 * 22.6);
  }

  @Test
  void normalDrawsHaveTheMomentsOfTheNormalDistribution() {
    float[] x = normal(new RandomKey(0, 0, 0));
    double[] moments = new double[5];
    int beyondTwo = 0;
    for (float value : x) {
      assertTrue(Math.abs(value) < 6.77f);
      double power = 1;
      for (int k = 1; k <= 4; k++) {
        power *= value;
        moments[k] += power / N;
      }
      beyondTwo += Math.abs(value) > 2 ? 1 : 0;
    }
    // five standard errors each: sqrt(1/N), sqrt(2/N), sqrt(15/N), sqrt(96/N)
    assertEquals(0, moments[1], 5 * Math.sqrt(1.0 / N));
    assertEquals(1, moments[2], 5 * Math.sqrt(2.0 / N));
    assertEquals(0, moments[3], 5 * Math.sqrt(15.0 / N));
    assertEquals(3, moments[4], 5 * Math.sqrt(96.0 / N));
    assertEquals(0.0455003, (double) beyondTwo / N, 5 * Math.sqrt(0.0455 * 0.9545 / N));
  }

  /** Neighbours, and keys that differ in one part by one, look independent. */
  @Test
  void drawsAreUncorrelated() {
    RandomKey key = new RandomKey(5, 6, 7);
    float[] x = normal(key);
    for (int lag : new int[] {1, 2, 3, 4, 64}) {
      double sum = 0;
      for (int i = lag; i < N; i++) {
        sum += (double) x[i] * x[i - lag];
      }
      assertEquals(0, sum / N, 5 / Math.sqrt(N), "lag " + lag);
    }
    for (RandomKey other :
        new RandomKey[] {
          new RandomKey(6, 6, 7), key.withStream(7), key.withStep(8), new RandomKey(5, 7, 6)
        }) {
      float[] y = normal(other);
      double sum = 0;
      for (int i = 0; i < N; i++) {
        sum += (double) x[i] * y[i];
      }
      assertEquals(0, sum / N, 5 / Math.sqrt(N), other.toString());
    }
  }

  @Test
  void integersBelowABoundAreEven() {
    CounterRandom random = new RandomKey(3, 0, 0).random();
    int[] counts = new int[7];
    for (int i = 0; i < 70_000; i++) {
      counts[random.below(7, i)]++;
    }
    // 6 degrees of freedom: mean 6, standard deviation 3.5
    assertEquals(6, chiSquare(counts), 5 * 3.5);
    assertEquals(0, random.below(1, 9));
    assertThrows(IllegalArgumentException.class, () -> random.below(0, 1));
  }

  @Property(tries = 200)
  void integersStayBelowTheirBound(@ForAll @Positive int bound, @ForAll long seed) {
    int value = new RandomKey(seed, 0, 0).random().below(bound, 4);
    assertTrue(value >= 0 && value < bound);
  }

  @Property(tries = 100)
  void permutationHoldsEachNumberOnce(
      @ForAll @IntRange(min = 0, max = 300) int n, @ForAll long seed) {
    int[] order = new RandomKey(seed, 0, 0).random().permutation(n);
    Arrays.sort(order);
    assertArrayEquals(IntStream.range(0, n).toArray(), order);
  }

  @Test
  void permutationsAreEquallyLikely() {
    int[] counts = new int[24];
    for (int seed = 0; seed < 24_000; seed++) {
      int[] p = new RandomKey(seed, 0, 0).random().permutation(4);
      int rank = 0;
      for (int i = 0; i < 4; i++) {
        int smaller = 0;
        for (int j = i + 1; j < 4; j++) {
          smaller += p[j] < p[i] ? 1 : 0;
        }
        rank = rank * (4 - i) + smaller;
      }
      counts[rank]++;
    }
    // 23 degrees of freedom: mean 23, standard deviation 6.8
    assertEquals(23, chiSquare(counts), 5 * 6.8);
  }

  private static double chiSquare(int[] counts) {
    double expected = Arrays.stream(counts).sum() / (double) counts.length;
    return Arrays.stream(counts).mapToDouble(c -> (c - expected) * (c - expected) / expected).sum();
  }

  private static float[] uniform(RandomKey key) {
    float[] out = new float[N];
    key.random().uniform(out, 0, N);
    return out;
  }

  private static float[] normal(RandomKey key) {
    float[] out = new float[N];
    key.random().normal(out, 0, N);
    return out;
  }
}
