package engine.kernel;

/**
 * The largest value of windows of volumes: x [volumes, t, h, w], y [volumes, t', h', w'], t' = (t +
 * front + back - kT) / stride.t + 1, rounded down, likewise h' and w'. The window of output (i,j,k)
 * begins at (i * stride.t - front, j * stride.h - top, k * stride.w - left) and has kT kH kW
 * places, of which those outside of the volume are left out; at least one is inside. The value is
 * the largest of those inside, NaN if one is, and +0 for any zero, so that their order is nothing
 * to it. Where the gradient goes is settled by reading the window in order of (t, h, w): a place
 * takes over from the one so far if its value is greater, or no number.
 *
 * @param kernel extents of a window
 */
public record MaxPoolArgs(
    int volumes, int t, int h, int w, Window3 kernel, Stride3 stride, Padding3 padding) {
  public int outT() {
    return (t + padding.front() + padding.back() - kernel.t()) / stride.t() + 1;
  }

  public int outH() {
    return (h + padding.top() + padding.bottom() - kernel.h()) / stride.h() + 1;
  }

  public int outW() {
    return (w + padding.left() + padding.right() - kernel.w()) / stride.w() + 1;
  }
}
