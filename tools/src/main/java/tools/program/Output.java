package tools.program;

import java.util.Locale;

/** What programs say. Results go to standard output, all else to standard error. */
public final class Output {
  private Output() {}

  /** A remark on the way. */
  public static void say(String remark) {
    System.err.println(remark);
  }

  /** A number of things: {@code 1 clip}, {@code 2 clips}. */
  public static String count(long n, String thing) {
    return n + " " + thing + (n == 1 ? "" : "s");
  }

  /** A result. */
  public static void result(String format, Object... values) {
    System.out.printf(Locale.ROOT, format + "%n", values);
  }
}
