package tools.conform;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whole numbers in the JSON text of a metadata entry, such as {@code {"depth": 3}}. */
record Sizes(String key, String text) {
  static Sizes of(FixtureFile file, String key) {
    return new Sizes(key, file.metadata(key).orElse(""));
  }

  /** A number. */
  int of(String name) {
    return number("\"" + name + "\"\\s*:\\s*(\\d{1,9})", name);
  }

  /** Number {@code i} of a list of two. */
  int of(String name, int i) {
    String first = i == 0 ? "(\\d{1,9})\\s*,\\s*\\d+" : "\\d+\\s*,\\s*(\\d{1,9})";
    return number("\"" + name + "\"\\s*:\\s*\\[\\s*" + first + "\\s*]", name);
  }

  /** A fraction, such as {@code "48/11"}. */
  double fraction(String name) {
    String before = "\"" + name + "\"\\s*:\\s*\"";
    int over = number(before + "(\\d{1,9})/", name);
    return (double) over / number(before + "\\d+/(\\d{1,9})\"", name);
  }

  private int number(String regex, String name) {
    Matcher m = Pattern.compile(regex).matcher(text);
    UnfitException.unless(m.find(), "metadata %s='%s' has no %s", key, text, name);
    return Integer.parseInt(m.group(1));
  }
}
