package engine.ranks;

/** Ranks that cannot work together, or no longer. */
public final class RanksException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public RanksException(String message) {
    super(message);
  }

  RanksException(String message, Throwable cause) {
    super(message, cause);
  }
}
