package engine.io;

import java.util.List;

/**
 * Text out of files as messages may show it. A name in a file can hold anything: line breaks that
 * feign another message, escape sequences that a terminal obeys, or megabytes of it.
 */
public final class Printable {
  /** Characters of a name or value that a message shows at most. */
  private static final int BRIEF = 120;

  /**
   * Lines of a list that a message shows at most: more than any model has tensors, so that what is
   * wrong with a file is listed whole, and few enough that a hostile file does not flood a log.
   */
  private static final int LISTED = 5000;

  /** Lines of a list that a message shows where a few tell enough. */
  private static final int SOME = 40;

  private Printable() {}

  /**
   * The text on one line: control characters, line separators and characters that turn the
   * direction of writing as {@code \n}, {@code \t} or {@code \u001b}.
   */
  public static String line(String text) {
    if (text.codePoints().noneMatch(Printable::hidden)) {
      return text;
    }
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .forEach(c -> {
          if (hidden(c)) {
            out.append(escape(c));
          } else {
            out.appendCodePoint(c);
          }
        });
    return out.toString();
  }

  /** The same, of a long text only the beginning and its length. */
  public static String brief(String text) {
    if (text.length() <= BRIEF) {
      return line(text);
    }
    return line(text.substring(0, BRIEF)) + "... (" + text.length() + " characters)";
  }

  /**
   * One line below the other, each indented and on a line of its own; of a long list the first
   * {@value #LISTED} and how many more there are.
   */
  public static String list(List<String> lines) {
    return list(lines, LISTED);
  }

  /** The same with the first {@value #SOME}. */
  public static String some(List<String> lines) {
    return list(lines, SOME);
  }

  private static String list(List<String> lines, int most) {
    StringBuilder out = new StringBuilder();
    lines.stream().limit(most).forEach(l -> out.append("\n  ").append(line(l)));
    if (lines.size() > most) {
      out.append("\n  and ").append(lines.size() - most).append(" more");
    }
    return out.toString();
  }

  private static boolean hidden(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          true;
      default -> false;
    };
  }

  private static String escape(int c) {
    return switch (c) {
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> c < 0x10000 ? String.format("\\u%04x", c) : String.format("\\U%08x", c);
    };
  }
}
