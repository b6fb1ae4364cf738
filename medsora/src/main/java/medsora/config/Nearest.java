package medsora.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the name that someone probably meant. */
final class Nearest {
  /** Nobody meant a name with something longer. */
  private static final int MEANT = 64;

  private Nearest() {}

  /**
   * {@code ; did you mean 'x'?} for the candidate with the fewest edits, ignoring case; empty where
   * none is near.
   */
  static String hint(String wrong, Collection<String> candidates) {
    return nearest(wrong, candidates).map(c -> "; did you mean '" + c + "'?").orElse("");
  }

  /** The same, but all candidates where none is near: for messages that do not name them. */
  static String hintOrAll(String wrong, Collection<String> candidates) {
    String near = hint(wrong, candidates);
    return near.isEmpty() ? "; choose from " + String.join(", ", candidates) : near;
  }

  /** Near is what differs in at most a third of what was typed, rounded up. */
  private static Optional<String> nearest(String wrong, Collection<String> candidates) {
    if (wrong.length() > MEANT) {
      return Optional.empty();
    }
    String typed = wrong.toLowerCase(Locale.ROOT);
    int most = (typed.length() + 2) / 3;
    return candidates.stream()
        .min(Comparator.comparingInt(c -> edits(typed, c.toLowerCase(Locale.ROOT))))
        .filter(c -> edits(typed, c.toLowerCase(Locale.ROOT)) <= most);
  }

  /**
   * Damerau's distance: insertions, deletions, replacements and exchanges of neighbours that turn a
   * into b, no place edited twice.
   */
  static int edits(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        d[i][j] = Math.max(i, j);
        if (i > 0 && j > 0) {
          int replaced = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
          d[i][j] = Math.min(replaced, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
          if (areExchanged(a, i, b, j)) {
            d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
          }
        }
      }
    }
    return d[a.length()][b.length()];
  }

  /** Whether the two letters before i in a are those before j in b the other way round. */
  private static boolean areExchanged(String a, int i, String b, int j) {
    return i > 1
        && j > 1
        && a.charAt(i - 1) == b.charAt(j - 2)
        && a.charAt(i - 2) == b.charAt(j - 1);
  }
}
