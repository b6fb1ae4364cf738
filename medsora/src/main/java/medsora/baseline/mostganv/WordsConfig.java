package medsora.baseline.mostganv;

import java.util.Set;

/**
 * The words of a generator.
 *
 * @param count of words for each frame
 * @param width of a word
 * @param hidden width of the layer before them
 * @param sides of the outputs of the layers that listen, in pixels
 * @param form how these layers are computed
 */
public record WordsConfig(int count, int width, int hidden, Set<Integer> sides, Form form) {
  /** 128x128 pixels, as Endora's authors trained it for the comparison. */
  public static final WordsConfig PUBLISHED =
      new WordsConfig(8, 128, 4096, Set.of(16, 32, 64, 128), Form.PUBLISHED);

  /**
   * Three ways that upstream computes a listening layer, and a fourth that nobody uses. They agree
   * in StyleGAN-V and disagree here.
   *
   * @param prenormalised weights and styles are divided by their largest magnitudes first, as in
   *     layers of float16, which flattens the attention
   * @param fused the changed weight convolves, where it otherwise only scales outputs back
   */
  public record Form(boolean prenormalised, boolean fused) {
    /** What training and sampling on a GPU compute, but for roundings to float16. */
    public static final Form PUBLISHED = new Form(true, false);

    /** The same network in float32, as training without half precision would see it. */
    public static final Form FLOAT32 = new Form(false, false);

    /** What the switches of a call in float32 outside of training give. */
    public static final Form FUSED = new Form(false, true);
  }

  public WordsConfig {
    sides = Set.copyOf(sides);
    if (count < 1 || width < 1 || hidden < 1) {
      throw new IllegalArgumentException(
          "[mostganv] words want 1 and more: %d of width %d, hidden %d"
              .formatted(count, width, hidden));
    }
  }
}
