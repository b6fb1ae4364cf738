package engine.kernel;

import engine.tensor.MemoryMeter;
import engine.tensor.MemoryWatch;
import java.util.function.IntConsumer;

/**
 * Runs pieces of work that are alike side by side, as many as memory allows: the first of all has
 * the whole team, and what it held at most is what each further one is given. No result depends on
 * how many there are.
 */
public final class MeasuredPieces {
  /** Of the heap; the rest is for weights, moments, and what waits to be used again. */
  private static final double SHARE = 0.25;

  private static final int FLOAT_BYTES = 4;

  private final boolean independent;
  private final long allowed;
  private long floats;

  /**
   * @param independent whether pieces may run side by side at all: none reads what another writes
   */
  public MeasuredPieces(boolean independent) {
    this(independent, (long) (SHARE * Runtime.getRuntime().maxMemory()));
  }

  /**
   * @param allowed bytes for all pieces together
   */
  MeasuredPieces(boolean independent, long allowed) {
    this.independent = independent;
    this.allowed = allowed;
  }

  /** How many run at once next; 1 until one has been measured. */
  public int next() {
    if (!independent || floats == 0) {
      return 1;
    }
    return (int) Math.clamp(allowed / (FLOAT_BYTES * floats), 1, Pieces.atOnce());
  }

  /** Runs body(0) to body(count - 1) side by side. */
  public void run(int count, IntConsumer body) {
    if (independent && floats == 0 && count == 1 && Pieces.atOnce() > 1) {
      MemoryMeter meter = new MemoryMeter();
      MemoryWatch.with(meter, () -> body.accept(0));
      floats = Math.max(1, meter.peak());
    } else {
      Pieces.run(count, body);
    }
  }
}
