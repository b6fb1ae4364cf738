package engine.kernel;

import java.util.Arrays;

/**
 * Ways through the tokens of a clip for scans: {@code count} walks that each meet every token once,
 * each cut into sequences of {@code length} steps. What is laid out along walks has rows [clip,
 * walk, position], so that a walk's sequences lie one behind the other.
 *
 * @param tokens tokens of a clip, a multiple of length
 * @param order the token at each position, [count, tokens]
 * @param position the position of each token, [count, tokens]
 */
public record Walks(int count, int tokens, int length, int[] order, int[] position) {

  /**
   * Walks with given orders.
   *
   * @param orders the token at each position of each walk
   * @throws IllegalArgumentException unless each is a permutation that whole sequences fill
   */
  public static Walks of(int length, int[]... orders) {
    int tokens = orders.length == 0 ? 0 : orders[0].length;
    if (tokens == 0 || length < 1 || tokens % length != 0) {
      throw new IllegalArgumentException(
          "[walks] sequences of " + length + " steps do not fill walks of " + tokens + " tokens");
    }
    int[] order = new int[orders.length * tokens];
    int[] position = new int[order.length];
    Arrays.fill(position, -1);
    for (int w = 0; w < orders.length; w++) {
      requireLength(w, orders[w], tokens);
      for (int p = 0; p < tokens; p++) {
        int token = orders[w][p];
        if (token < 0 || token >= tokens || position[w * tokens + token] >= 0) {
          throw new IllegalArgumentException(
              "[walks] walk " + w + " is no permutation: token " + token + " at position " + p);
        }
        order[w * tokens + p] = token;
        position[w * tokens + token] = p;
      }
    }
    return new Walks(orders.length, tokens, length, order, position);
  }

  private static void requireLength(int walk, int[] order, int tokens) {
    if (order.length != tokens) {
      throw new IllegalArgumentException(
          "[walks] walk " + walk + " has " + order.length + " steps, walk 0 has " + tokens);
    }
  }

  /** One walk through the tokens as they lie. */
  public static Walks straight(int tokens, int length) {
    int[] order = new int[tokens];
    Arrays.setAll(order, i -> i);
    return of(length, order);
  }

  /** Sequences of all walks of one clip. */
  public int sequences() {
    return count * (tokens / length);
  }

  /** Rows of all walks of one clip. */
  public int rows() {
    return count * tokens;
  }

  /** The row, among those of all clips' tokens, that stands at row {@code row} of the walks. */
  public int token(int row) {
    return row / rows() * tokens + order[row % rows()];
  }

  /** The row of the walks at which walk {@code walk} meets token {@code token} of all clips'. */
  public int row(int walk, int token) {
    int clip = token / tokens;
    return (clip * count + walk) * tokens + position[walk * tokens + token % tokens];
  }
}
