package engine.ranks;

/** Ranks that cannot work together, or no longer. */
public final class RanksException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Whether all ranks throw it, with equal words. */
  private final boolean everywhere;

  RanksException(String message) {
    super(message);
    this.everywhere = false;
  }

  RanksException(String message, Throwable cause) {
    super(message, cause);
    this.everywhere = false;
  }

  private RanksException(String message, boolean everywhere) {
    super(message);
    this.everywhere = everywhere;
  }

  /** One that all ranks throw, with equal words. */
  public static RanksException everywhere(String message) {
    return new RanksException(message, true);
  }

  /** Whether all ranks throw it, so that one of them is to say so. */
  public boolean isEverywhere() {
    return everywhere;
  }
}
