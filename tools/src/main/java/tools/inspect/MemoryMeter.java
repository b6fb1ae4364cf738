package tools.inspect;

/** Floats that are held at once, now and at most. */
final class MemoryMeter {
  private long live;
  private long peak;

  void took(long floats) {
    live += floats;
    peak = Math.max(peak, live);
  }

  void gave(long floats) {
    live -= floats;
  }

  /** The most that was held at once. */
  long peak() {
    return peak;
  }
}
