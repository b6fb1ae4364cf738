import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs of lines that stand twice: six or more equal ones, apart from indents and comments. */
final class Twice {
  private static final int RUN = 6;

  private Twice() {}

  /** Lines of every occurrence but the first. */
  static int lines(List<Sources.Unit> units) {
    Map<String, Integer> first = new HashMap<>();
    int lines = 0;
    for (Sources.Unit unit : units) {
      List<String> code = code(unit);
      BitSet again = new BitSet();
      for (int i = 0; i + RUN <= code.size(); i++) {
        String run = String.join("\n", code.subList(i, i + RUN));
        // Six lines of little but braces tell nothing.
        if (run.length() > 10 * RUN && first.putIfAbsent(run, i) != null) {
          again.set(i, i + RUN);
        }
      }
      lines += again.cardinality();
    }
    return lines;
  }

  private static List<String> code(Sources.Unit unit) {
    List<String> code = new ArrayList<>();
    for (String line : unit.lines()) {
      String text = line.strip();
      boolean heading = text.startsWith("import ") || text.startsWith("package ");
      boolean comment = text.startsWith("*") || text.startsWith("/*") || text.startsWith("//");
      if (!text.isEmpty() && !heading && !comment) {
        code.add(text);
      }
    }
    return code;
  }
}
