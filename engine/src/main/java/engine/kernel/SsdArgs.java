package engine.kernel;

import engine.numeric.NumericContract;
import engine.tensor.Storage;
import org.jspecify.annotations.Nullable;

/**
 * The extents of a state space scan in chunks: x is [batch, length, heads, headDim], the state of a
 * head [headDim, state], B and C are [batch, length, groups, state]; each group serves heads /
 * groups neighbouring heads. Chunks have {@code chunk} steps, the last one what is left.
 *
 * @param chunk 1 to {@link #LONGEST_CHUNK}; part of the result's definition (numeric contract N9)
 * @param packed 0 where x, B and C are tensors of their own; else they are the columns [x | B | C]
 *     of one tensor with rows of that many elements, and each of the three storages is that one
 */
public record SsdArgs(
    int batch, int length, int heads, int headDim, int groups, int state, int chunk, int packed) {
  /** One segment of numeric contract N1, so that no sum over a chunk needs a second one. */
  public static final int LONGEST_CHUNK = NumericContract.SEGMENT;

  /** x, dt, A, B, C, D, initial state; c may be null for a final state, d and initial always. */
  public record Inputs(
      Storage x,
      Storage dt,
      Storage a,
      Storage b,
      @Nullable Storage c,
      @Nullable Storage d,
      @Nullable Storage initial) {}

  /**
   * Where the gradients go, in the order of the inputs; all but x and dt may be null, and are not
   * wanted.
   */
  public record Gradients(
      Storage x,
      Storage dt,
      @Nullable Storage a,
      @Nullable Storage b,
      @Nullable Storage c,
      @Nullable Storage d,
      @Nullable Storage initial) {}

  /** Number of chunks. */
  public int chunks() {
    return (length + chunk - 1) / chunk;
  }

  /** Steps of the longest chunk that occurs. */
  public int longest() {
    return Math.min(chunk, length);
  }

  /** Steps of chunk {@code index}. */
  public int steps(int index) {
    return Math.min(chunk, length - index * chunk);
  }

  /** The group that serves a head. */
  public int group(int head) {
    return head / headsPerGroup();
  }

  public int headsPerGroup() {
    return heads / groups;
  }

  /** Where step {@code step} of one head begins in x. */
  public int xAt(int sample, int step, int head) {
    return (sample * length + step) * xRow() + head * headDim;
  }

  /** Elements from one step of x to the next. */
  public int xRow() {
    return packed == 0 ? yRow() : packed;
  }

  /** Where step {@code step} of one head begins in y. */
  public int yAt(int sample, int step, int head) {
    return (sample * length + step) * yRow() + head * headDim;
  }

  /** Elements from one step of y to the next. */
  public int yRow() {
    return heads * headDim;
  }

  /** Where dt of one head and step is. */
  public int dtAt(int sample, int step, int head) {
    return (sample * length + step) * heads + head;
  }

  /** Where step {@code step} of one group begins in B. */
  public int bAt(int sample, int step, int group) {
    int from = packed == 0 ? 0 : yRow();
    return from + (sample * length + step) * bcRow() + group * state;
  }

  /** Where step {@code step} of one group begins in C. */
  public int cAt(int sample, int step, int group) {
    int from = packed == 0 ? 0 : groups * state;
    return from + bAt(sample, step, group);
  }

  /** Elements from one step of B or C to the next. */
  public int bcRow() {
    return packed == 0 ? groups * state : packed;
  }
}
