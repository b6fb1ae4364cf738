package medsora.cost;

import engine.tensor.MemoryWatch;
import engine.tensor.Storage;

/** Floats that are held at once, now and at most. */
final class MemoryMeter implements MemoryWatch {
  private long live;
  private long peak;

  @Override
  public void took(Storage storage) {
    live += storage.size();
    peak = Math.max(peak, live);
  }

  @Override
  public void gave(Storage storage) {
    live -= storage.size();
  }

  /** The most that was held at once. */
  long peak() {
    return peak;
  }
}
