package tools.bench;

/**
 * A row of the table before it is measured.
 *
 * @param name what it is called everywhere
 * @param family rows of one family are measured together, by turns
 * @param threads how many compute, 0 for as many as the program was given
 * @param quick whether it is in the short list
 */
public record Row(String name, Family family, int threads, boolean quick, Operation operation) {
  /** Kinds of rows. */
  public enum Family {
    CEILING(8),
    PRODUCT(6),
    CONVOLUTION(3),
    SCAN(6),
    TOKEN(6),
    POINTWISE(4),
    MODEL(1);

    private final int together;

    Family(int together) {
      this.together = together;
    }

    /** How many rows of it are measured by turns; each holds its memory meanwhile. */
    public int together() {
      return together;
    }
  }

  static Row of(String name, Family family, Operation operation) {
    return new Row(name, family, 0, false, operation);
  }

  /** The same row in the short list. */
  Row inQuick() {
    return new Row(name, family, threads, true, operation);
  }

  /** The same row on one thread, under its own name. */
  Row onOneThread() {
    return new Row(name + "-t1", family, 1, false, operation);
  }
}
