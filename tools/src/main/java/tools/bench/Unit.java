package tools.bench;

/** What the work of a row is counted in, and so which ceiling it is held against. */
public enum Unit {
  /** Multiply-adds, against the peak of fused multiply-adds. */
  MULTIPLY_ADDS("multiply-adds"),
  /** Bytes that must move at least once, against the bandwidth of a copy. */
  BYTES("bytes");

  private final String words;

  Unit(String words) {
    this.words = words;
  }

  /** As tables and files say it. */
  public String words() {
    return words;
  }
}
