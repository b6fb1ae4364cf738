package engine.op.conv;

/**
 * What a transposed convolution adds at the end of its result along time, height and width; none
 * negative (PyTorch: output_padding). A convolution of stride s gives the same extent for s extents
 * of its input; this says which of them is meant.
 */
public record OutputPadding3(int t, int h, int w) {
  public static final OutputPadding3 NONE = new OutputPadding3(0, 0, 0);

  public OutputPadding3 {
    if (t < 0 || h < 0 || w < 0) {
      throw new IllegalArgumentException(
          "[output padding] wants no negative extent, got (" + t + "," + h + "," + w + ")");
    }
  }
}
