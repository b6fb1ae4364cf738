package nn.layer;

/**
 * The sizes of an attention layer.
 *
 * @param width of the tokens that ask, and of the result
 * @param context width of the tokens that are seen
 * @param heads at least 1
 * @param headWidth d, the width of one head
 * @param bias whether query, key and value have one
 * @param outputBias whether the output layer has one
 */
public record AttentionSpec(
    int width, int context, int heads, int headWidth, boolean bias, boolean outputBias) {
  public AttentionSpec {
    if (width < 1 || context < 1 || heads < 1 || headWidth < 1) {
      throw new IllegalArgumentException(
          "[attention] wants positive sizes, got width=%d context=%d heads=%d headWidth=%d"
              .formatted(width, context, heads, headWidth));
    }
  }

  /** Tokens of one width that see each other, with biases; the heads share the width. */
  public static AttentionSpec of(int width, int heads) {
    if (heads < 1 || width % heads != 0) {
      throw new IllegalArgumentException(
          "[attention] " + heads + " heads do not divide a width of " + width);
    }
    return new AttentionSpec(width, width, heads, width / heads, true, true);
  }

  /** Width of all heads side by side. */
  public int inner() {
    return heads * headWidth;
  }
}
