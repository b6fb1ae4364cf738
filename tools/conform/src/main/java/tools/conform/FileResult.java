package tools.conform;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What came of one file.
 *
 * @param reason why it was skipped, or why it could not be checked to the end; else empty
 */
public record FileResult(
    String file, Outcome outcome, String reason, List<Row> rows, double seconds) {
  /** The verdict on a whole file. */
  public enum Outcome {
    PASSED,
    FAILED,
    SKIPPED
  }

  static FileResult skipped(String file, String reason) {
    return new FileResult(file, Outcome.SKIPPED, reason, List.of(), 0);
  }

  static FileResult of(String file, String reason, List<Row> rows, double seconds) {
    boolean good = reason.isEmpty() && rows.stream().noneMatch(Row::failed);
    Outcome outcome = good ? Outcome.PASSED : Outcome.FAILED;
    return new FileResult(file, outcome, reason, List.copyOf(rows), seconds);
  }

  /** The row that comes nearest to its limit, or passes it by most. */
  public Optional<Row> worst() {
    return rows.stream()
        .filter(r -> r.verdict() != Row.Verdict.UNCHECKED)
        .max(Comparator.comparingDouble(Row::strain));
  }
}
