package medsora.train;

import org.jspecify.annotations.Nullable;

/** Training cannot go on; the message says what happened, where, and what to do. */
public final class TrainingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public TrainingException(String message, @Nullable Throwable cause) {
    super("[train] " + message, cause);
  }
}
