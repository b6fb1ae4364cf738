package engine.ranks;

/**
 * A rank that the others cannot go on with.
 *
 * @param rank which
 * @param how it is known
 */
public record Loss(int rank, Kind how) {
  /** How a rank is lost. */
  public enum Kind {
    /** No sign of it comes any more. */
    SILENT,
    /** Its signs come, and its work stands still while others wait for it. */
    STILL
  }
}
