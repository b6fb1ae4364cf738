package tools.bench.harness;

import tools.bench.Row;
import tools.bench.Work;

/**
 * What was measured of a row.
 *
 * @param work of one repetition
 * @param seconds of one repetition
 * @param samples how many there were
 * @param cold whether neither warm-up nor samples came to times that agree: what was measured is
 *     partly the compiler, and no figure to go by
 * @param ceiling work per second that was possible meanwhile, in the row's unit
 * @param peakBytes the most memory that its process ever held
 * @param collecting share of the time that the garbage collector reports
 * @param peerSeconds median of the peer, or null where it was not asked or has no such thing
 */
public record Measurement(
    Row row,
    Work work,
    Statistics seconds,
    int samples,
    boolean cold,
    double ceiling,
    long peakBytes,
    double collecting,
    Double peerSeconds) {
  /** Work per second. */
  public double rate() {
    return work.amount() / seconds.median();
  }

  /** The rate as a share of the ceiling. */
  public double fraction() {
    return rate() / ceiling;
  }

  Measurement withPeer(Double other) {
    return new Measurement(
        row, work, seconds, samples, cold, ceiling, peakBytes, collecting, other);
  }
}
