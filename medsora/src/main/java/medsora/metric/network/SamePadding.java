package medsora.metric.network;

import engine.kernel.Padding3;
import engine.kernel.Stride3;
import engine.kernel.Window3;
import engine.tensor.Shape;

/**
 * TensorFlow's padding SAME: an axis of n gives ceil(n / s) outputs, and of the max((ceil(n/s) - 1)
 * s + k - n, 0) places that this wants beyond the axis, the smaller half lies in front.
 */
final class SamePadding {
  private SamePadding() {}

  /** For the last three axes of x [...,T,H,W]. */
  static Padding3 of(Shape x, Window3 kernel, Stride3 stride) {
    int t = total(x.dim(-3), kernel.t(), stride.t());
    int h = total(x.dim(-2), kernel.h(), stride.h());
    int w = total(x.dim(-1), kernel.w(), stride.w());
    return new Padding3(t / 2, t - t / 2, h / 2, h - h / 2, w / 2, w - w / 2);
  }

  private static int total(int n, int k, int s) {
    int out = (n + s - 1) / s;
    return Math.max((out - 1) * s + k - n, 0);
  }
}
