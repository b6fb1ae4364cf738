package engine.io;

import java.io.IOException;

/**
 * A file does not hold what its format promises, or holds what is not read here. The text names the
 * file, the place and the fault.
 */
public final class FormatException extends IOException {
  private static final long serialVersionUID = 1L;

  private final boolean damage;

  /** Of a file that is damaged. */
  public FormatException(String message) {
    this(message, true);
  }

  private FormatException(String message, boolean damage) {
    super(message);
    this.damage = damage;
  }

  /** Of a file that may be whole: of another kind, or with what is not read here. */
  public static FormatException unsupported(String message) {
    return new FormatException(message, false);
  }

  /** Whether another copy of the file could be without the fault. */
  public boolean isDamage() {
    return damage;
  }
}
