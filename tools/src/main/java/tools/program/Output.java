package tools.program;

import java.util.Locale;

/** What programs say. Results go to standard output, all else to standard error. */
public final class Output {
  private Output() {}

  /** A remark on the way. */
  public static void say(String remark) {
    System.err.println(remark);
  }

  /** A result. */
  public static void result(String format, Object... values) {
    System.out.printf(Locale.ROOT, format + "%n", values);
  }
}
