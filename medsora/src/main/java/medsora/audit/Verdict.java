package medsora.audit;

import java.util.List;

/** What an audit came to. */
public sealed interface Verdict {
  /** In a few words. */
  String what();

  /** All that was looked at has the same bits. */
  record Equal(String what) implements Verdict {}

  /**
   * Something has not.
   *
   * @param details where it was first seen, with both values
   */
  record Differs(String what, List<String> details) implements Verdict {
    public Differs {
      details = List.copyOf(details);
    }
  }

  /** It cannot be said here; the words tell what that would take. */
  record Unsaid(String what) implements Verdict {}

  /** The exit code of a program: 0 equal, 1 differs, 2 cannot be said. */
  default int code() {
    return switch (this) {
      case Equal e -> 0;
      case Differs d -> 1;
      case Unsaid u -> 2;
    };
  }

  /** On one line. */
  default String line() {
    return switch (this) {
      case Equal e -> "equal: " + e.what;
      case Differs d -> "DIFFERS: " + d.what;
      case Unsaid u -> "cannot be said: " + u.what;
    };
  }

  /** Of several: a difference comes before what cannot be said, and that before equality. */
  static int code(List<Verdict> all) {
    List<Integer> codes = all.stream().map(Verdict::code).toList();
    if (codes.contains(1)) {
      return 1;
    }
    return all.isEmpty() || codes.contains(2) ? 2 : 0;
  }
}
