package medsora.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

/** Finds the name that someone probably meant. */
final class Nearest {
  /** Nobody meant a name with something longer. */
  private static final int MEANT = 64;

  private Nearest() {}

  /** {@code ; did you mean 'x'?} for the candidate with the fewest edits, ignoring case. */
  static String hint(String wrong, Collection<String> candidates) {
    if (wrong.length() > MEANT) {
      return "";
    }
    String typed = wrong.toLowerCase(Locale.ROOT);
    return candidates.stream()
        .min(Comparator.comparingInt(c -> edits(typed, c.toLowerCase(Locale.ROOT))))
        .map(c -> "; did you mean '" + c + "'?")
        .orElse("");
  }

  /** Levenshtein's distance: insertions, deletions and replacements that turn a into b. */
  static int edits(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
