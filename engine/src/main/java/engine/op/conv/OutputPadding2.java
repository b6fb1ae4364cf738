package engine.op.conv;

/**
 * Rows and columns that a transposed convolution adds at the bottom and the right of its result.
 */
public record OutputPadding2(int h, int w) {
  public static final OutputPadding2 NONE = new OutputPadding2(0, 0);

  OutputPadding3 inVolume() {
    return new OutputPadding3(0, h, w);
  }
}
