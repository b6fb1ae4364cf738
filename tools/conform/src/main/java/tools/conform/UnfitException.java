package tools.conform;

/** A file cannot be checked: what is missing in it, or what no module of ours can be. */
final class UnfitException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnfitException(String message) {
    super(message);
  }

  static void unless(boolean condition, String format, Object... values) {
    if (!condition) {
      throw new UnfitException(format.formatted(values));
    }
  }
}
