package medsora.train;

/** Training cannot go on; the message says what happened, where, and what to do. */
public final class TrainingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public TrainingException(String message, Throwable cause) {
    super("[train] " + message, cause);
  }
}
