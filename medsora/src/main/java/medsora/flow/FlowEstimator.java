package medsora.flow;

import engine.tensor.Tensor;

/** Estimates optical flow: where each pixel of one picture lies in another. */
public interface FlowEstimator {
  /**
   * Flow of N pairs of pictures, u and v of Eq. 5 and 12; no gradient runs through it.
   *
   * @param first [N, 3, H, W], red, green and blue in 0..255
   * @param second of the same shape
   * @return [N, 2, H, W]: displacement to the right, then downwards, in pixels
   * @throws engine.tensor.ShapeException for shapes that differ or are too small
   */
  Tensor flow(Tensor first, Tensor second);

  /**
   * What tells it from others: its kind, settings and the hash of its weights, as letters, digits
   * and {@code . _ = : -}.
   */
  default String identity() {
    return getClass().getSimpleName();
  }
}
