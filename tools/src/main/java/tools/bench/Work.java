package tools.bench;

/**
 * What one repetition does, by formula.
 *
 * @param multiplyAdds direct ones: every output times the inputs of each, whatever the algorithm
 * @param bytes inputs and results each moved once, whatever the caches do
 * @param unit which of the two the row is judged by
 */
public record Work(long multiplyAdds, long bytes, Unit unit) {
  static final int FLOAT = Float.BYTES;

  static Work products(long multiplyAdds, long floats) {
    return new Work(multiplyAdds, FLOAT * floats, Unit.MULTIPLY_ADDS);
  }

  static Work moving(long floats) {
    return new Work(0, FLOAT * floats, Unit.BYTES);
  }

  /** The work in the row's unit. */
  public long amount() {
    return unit == Unit.BYTES ? bytes : multiplyAdds;
  }
}
