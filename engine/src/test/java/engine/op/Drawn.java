package engine.op;

import java.util.List;

/** Sizes of a case, taken one after another from numbers that jqwik draws and shrinks. */
final class Drawn {
  private final List<Integer> numbers;
  private int at;

  Drawn(List<Integer> numbers) {
    this.numbers = numbers;
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
