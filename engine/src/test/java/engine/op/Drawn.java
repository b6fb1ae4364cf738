package engine.op;

import engine.testing.SplitMix;
import java.util.List;
import java.util.stream.IntStream;

/** Sizes of a case, taken one after another from numbers that jqwik draws and shrinks. */
public final class Drawn {
  private final List<Integer> numbers;
  private int at;

  Drawn(List<Integer> numbers) {
    this.numbers = numbers;
  }

  /** The same from a seed. */
  public static Drawn of(long seed) {
    return new Drawn(
        IntStream.range(0, 64)
            .mapToObj(i -> (int) Math.floorMod(SplitMix.at(seed, i), 1L << 20))
            .toList());
  }

  /** A number in [low, high]; the smaller the drawn one, the nearer to low. */
  int next(int low, int high) {
    int n = numbers.get(at++ % numbers.size());
    return low + n % (high - low + 1);
  }

  boolean coin() {
    return next(0, 1) == 1;
  }
}
