package engine.kernel;

import engine.tensor.Storage;

/**
 * The extents of a state space scan in chunks: x is [batch, length, heads, headDim], the state of a
 * head [headDim, state], B and C are [batch, length, groups, state]; each group serves heads /
 * groups neighbouring heads. Chunks have {@code chunk} steps, the last one what is left.
 *
 * @param chunk 1 to {@link #LONGEST_CHUNK}; part of the result's definition (numeric contract N9)
 */
public record SsdArgs(
    int batch, int length, int heads, int headDim, int groups, int state, int chunk) {
  /** One segment of numeric contract N1, so that no sum over a chunk needs a second one. */
  public static final int LONGEST_CHUNK = 512;

  /** x, dt, A, B, C, D, initial state; c may be null for a final state, d and initial always. */
  public record Inputs(
      Storage x, Storage dt, Storage a, Storage b, Storage c, Storage d, Storage initial) {}

  /** Where the gradients go, in the order of the inputs; each may be null, and is not wanted. */
  public record Gradients(
      Storage x, Storage dt, Storage a, Storage b, Storage c, Storage d, Storage initial) {}

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
    return ((sample * length + step) * heads + head) * headDim;
  }

  /** Where dt of one head and step is. */
  public int dtAt(int sample, int step, int head) {
    return (sample * length + step) * heads + head;
  }

  /** Where step {@code step} of one group begins in B and C. */
  public int bcAt(int sample, int step, int group) {
    return ((sample * length + step) * groups + group) * state;
  }
}
