package medsora.metric.protocol;

import engine.random.RandomKey;
import java.util.Arrays;

/**
 * The distance of real from real: of two halves of the real videos or samples, drawn by the seed.
 * No model can be told from the data below it; its n is half of the real one, so its bias is
 * larger.
 *
 * @param value the distance
 * @param first videos, or samples, of the one half
 * @param second the same of the other
 * @param seed of the draw
 */
public record RealFloor(double value, int first, int second, long seed) {
  private static final long STEP = 0x666c;

  /** Halves at least four groups. */
  public static RealFloor of(Samples real, SetDistance distance, long seed) {
    int n = real.groups();
    if (n < 4) {
      throw new IllegalArgumentException(
          "[real floor] wants four real " + real.group().words() + ", got " + n);
    }
    int[] order = new RandomKey(seed, 0, STEP).random().permutation(n);
    int[] first = Arrays.stream(order, 0, n / 2).sorted().toArray();
    int[] second = Arrays.stream(order, n / 2, n).sorted().toArray();
    double value = distance.of(real.pick(first), real.pick(second));
    return new RealFloor(value, first.length, second.length, seed);
  }
}
