package engine.kernel;

/**
 * The extents of a 3-D convolution: x [n,ci,t,h,w], weight [co,ci/groups,kt,kh,kw], bias [co], y
 * [n,co,to,ho,wo] with {@code to = (t + front + back - kt) / stride.t + 1} and likewise ho, wo.
 * Output channel c belongs to group c / (co/groups) and sees the ci/groups input channels of that
 * group.
 *
 * <p>All extents but n are positive; the padded volume holds at least one window; groups divides
 * both channel counts.
 */
public record Conv3dArgs(
    int n,
    int ci,
    int t,
    int h,
    int w,
    int co,
    int kt,
    int kh,
    int kw,
    Stride3 stride,
    Padding3 padding,
    int groups) {

  /** Frames of the result. */
  public int to() {
    return (t + padding.front() + padding.back() - kt) / stride.t() + 1;
  }

  /** Rows of the result. */
  public int ho() {
    return (h + padding.top() + padding.bottom() - kh) / stride.h() + 1;
  }

  /** Columns of the result. */
  public int wo() {
    return (w + padding.left() + padding.right() - kw) / stride.w() + 1;
  }

  /** Positions of one channel of the result: to * ho * wo. */
  public int positions() {
    return to() * ho() * wo();
  }

  /** Taps of the kernel: kt * kh * kw. */
  public int taps() {
    return kt * kh * kw;
  }

  /** Input channels of one group. */
  public int groupIn() {
    return ci / groups;
  }

  /** Output channels of one group. */
  public int groupOut() {
    return co / groups;
  }

  /** How gradInput splits along time, height and width. */
  public GradAxis gradT() {
    return new GradAxis(t, kt, stride.t(), padding.front());
  }

  public GradAxis gradH() {
    return new GradAxis(h, kh, stride.h(), padding.top());
  }

  public GradAxis gradW() {
    return new GradAxis(w, kw, stride.w(), padding.left());
  }

  /**
   * One axis of gradInput. Input index i was seen by tap k from output o where {@code o*stride = i
   * + pad - k}; taps off that grid do not exist for i. Inputs of one residue class {@code i = first
   * + stride*j} share their taps {@code k = residue + stride*m}, and {@code o = origin + j - m}: a
   * convolution of stride 1.
   *
   * @param extent inputs along the axis
   * @param taps taps of the whole kernel along the axis
   * @param stride step, also the number of classes; class {@code first} is in [0, stride)
   * @param pad leading padding
   */
  public record GradAxis(int extent, int taps, int stride, int pad) {
    /** The first tap of a class. */
    public int residue(int first) {
      return (first + pad) % stride;
    }

    /** The number of taps of a class, possibly 0. */
    public int count(int first) {
      return Math.max(0, (taps - residue(first) + stride - 1) / stride);
    }

    /** The output that meets the class's first input in its first tap; may lie outside. */
    public int origin(int first) {
      return (first + pad) / stride;
    }

    /** The number of inputs in a class, possibly 0. */
    public int size(int first) {
      return Math.max(0, (extent - first + stride - 1) / stride);
    }
  }
}
