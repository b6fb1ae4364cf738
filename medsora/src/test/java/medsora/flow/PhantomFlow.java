package medsora.flow;

import engine.tensor.Shape;
import engine.tensor.Tensor;
import medsora.media.Clip;
import medsora.phantom.Phantom;

/**
 * Frames of the phantom and their exact flow; what is hidden in the next frame is not known.
 *
 * @param first [15, 3, size, size]
 * @param second each the frame after
 * @param truth [15, 2, size, size]
 */
public record PhantomFlow(Tensor first, Tensor second, Tensor truth) {
  private static final int PAIRS = 15;

  /** A clip of the phantom. */
  public static PhantomFlow of(int clip, int size) {
    Phantom phantom = new Phantom(7, clip, PAIRS + 1);
    Clip video = phantom.clip(size);
    int plane = size * size;
    float[] uv = new float[PAIRS * 2 * plane];
    for (int k = 0; k < PAIRS; k++) {
      Phantom.Flow exact = phantom.flow(k, size);
      System.arraycopy(exact.uv(), 0, uv, 2 * k * plane, 2 * plane);
      for (int i = 0; i < plane; i++) {
        if (exact.valid()[i] == 0) {
          uv[2 * k * plane + i] = Float.NaN;
        }
      }
    }
    return new PhantomFlow(
        FlowPictures.of(video, 0, PAIRS),
        FlowPictures.of(video, 1, PAIRS + 1),
        Tensor.of(Shape.of(PAIRS, 2, size, size), uv));
  }

  /** The mean end-point error of an estimator, in pixels. */
  public double error(FlowEstimator estimator) {
    return EndPointError.mean(estimator.flow(first, second), truth);
  }

  /** The error of saying that nothing moves. */
  public double length() {
    Tensor still = Tensor.zeros(truth.shape());
    return EndPointError.mean(still, truth);
  }
}
