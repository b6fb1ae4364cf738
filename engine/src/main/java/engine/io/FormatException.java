package engine.io;

import java.io.IOException;

/**
 * A file does not hold what its format promises. The text names the file, the place and the fault.
 */
public final class FormatException extends IOException {
  private static final long serialVersionUID = 1L;

  public FormatException(String message) {
    super(message);
  }
}
