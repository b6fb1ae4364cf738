package engine.kernel;

/**
 * The extents of "double height and width by nearest neighbours, then a 3x3 convolution with one
 * zero around": x [n,ci,t,h,w], weight [co,ci,3,3], bias [co], y [n,co,t,2h,2w]. All extents but n
 * are positive.
 */
public record UpsampleConvArgs(int n, int ci, int t, int h, int w, int co) {
  private static final Stride3 STRIDE = new Stride3(1, 2, 2);
  private static final Padding3 PADDING = Padding3.both(0, 1, 1);

  /** Weights of one pair of channels. */
  public static final int TAPS = 9;

  /** Summed weights of one pair of channels: 4x4. */
  public static final int SPREAD = 16;

  /**
   * The convolution of stride 2 whose gradient by its input is this op: its input is y, its result
   * is x, and its 4x4 kernel [ci,co,1,4,4] holds the summed weights. Output row 2i + a meets two
   * rows of x, which are those taps of the 4x4 kernel that lie on the stride's grid.
   */
  public Conv3dArgs transposed() {
    return new Conv3dArgs(n, co, t, 2 * h, 2 * w, ci, 1, 4, 4, STRIDE, PADDING, 1);
  }
}
