package medsora.baseline.downstream;

import java.util.Arrays;

/**
 * How well one class of two is found: 2 TP / (2 TP + FP + FN), the harmonic mean of precision and
 * recall; 0 where nothing was found and nothing was to be found.
 *
 * @param found correctly, TP
 * @param wrongly found, FP
 * @param missed FN
 */
public record F1(int found, int wrongly, int missed) {
  /** Of classes that were said and those that are, 1 being the one that is searched. */
  public static F1 of(int[] said, int[] actual) {
    int found = 0;
    int wrongly = 0;
    int missed = 0;
    for (int i = 0; i < said.length; i++) {
      found += said[i] == 1 && actual[i] == 1 ? 1 : 0;
      wrongly += said[i] == 1 && actual[i] != 1 ? 1 : 0;
      missed += said[i] != 1 && actual[i] == 1 ? 1 : 0;
    }
    return new F1(found, wrongly, missed);
  }

  /** Of one who says 1 of everything: what a classifier that learned something exceeds. */
  public static F1 always(int[] actual) {
    int[] said = new int[actual.length];
    Arrays.fill(said, 1);
    return of(said, actual);
  }

  /** From 0 to 1. */
  public double value() {
    int all = 2 * found + wrongly + missed;
    return all == 0 ? 0 : 2.0 * found / all;
  }
}
