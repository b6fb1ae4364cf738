package engine.tensor;

/**
 * Floats that are held at once, now and at most. Memory may be taken on one thread and given back
 * on another.
 */
public final class MemoryMeter implements MemoryWatch {
  private long live;
  private long peak;

  @Override
  public synchronized void took(Storage storage) {
    live += storage.size();
    peak = Math.max(peak, live);
  }

  @Override
  public synchronized void gave(Storage storage) {
    live -= storage.size();
  }

  /** The most that was held at once. */
  public synchronized long peak() {
    return peak;
  }
}
