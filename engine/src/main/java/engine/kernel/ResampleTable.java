package engine.kernel;

/**
 * A sparse linear map from {@code in} to {@code out} positions of one axis, fixed before any data
 * is seen: output j is the weighted sum of its taps {@code [start[j], start[j+1])}, each a source
 * position and a weight. Sources ascend within an output; weights were computed in double and
 * rounded once (numeric contract N14).
 *
 * @param start {@code out + 1} offsets into source and weight
 */
public record ResampleTable(int in, int out, int[] start, int[] source, float[] weight) {
  /** Output j copies input {@code index[j]}. */
  public static ResampleTable ofIndex(int in, int[] index) {
    int[] start = new int[index.length + 1];
    float[] ones = new float[index.length];
    for (int j = 0; j < index.length; j++) {
      start[j + 1] = j + 1;
      ones[j] = 1f;
    }
    return new ResampleTable(in, index.length, start, index, ones);
  }

  public int taps() {
    return source.length;
  }

  /**
   * The transposed map, which carries gradients back: the taps of position s are the outputs that
   * read s, in ascending order (numeric contract N8).
   */
  public ResampleTable transposed() {
    int[] begin = new int[in + 1];
    for (int s : source) {
      begin[s + 1]++;
    }
    for (int s = 0; s < in; s++) {
      begin[s + 1] += begin[s];
    }
    int[] next = begin.clone();
    int[] user = new int[taps()];
    float[] by = new float[taps()];
    for (int j = 0; j < out; j++) {
      for (int t = start[j]; t < start[j + 1]; t++) {
        int at = next[source[t]]++;
        user[at] = j;
        by[at] = weight[t];
      }
    }
    return new ResampleTable(out, in, begin, user, by);
  }
}
