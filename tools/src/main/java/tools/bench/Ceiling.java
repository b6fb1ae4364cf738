package tools.bench;

/** What rows are held against. */
public sealed interface Ceiling extends Operation permits MachineCeiling, DeviceCeiling {
  /** Which ceiling. */
  enum Kind {
    FMA,
    /** y = x. */
    COPY,
    /** a = b + s c (McCalpin's STREAM). */
    TRIAD
  }

  Kind kind();

  /** What it is called in the table. */
  String rowName();

  /** Whether work on so many threads is held against it. */
  boolean suits(int threads);
}
