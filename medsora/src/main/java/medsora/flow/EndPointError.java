package medsora.flow;

import engine.tensor.ShapeException;
import engine.tensor.Tensor;

/** How far estimated flow ends from the true one: the mean of |(u,v) - (u',v')| in pixels. */
public final class EndPointError {
  private EndPointError() {}

  /**
   * The mean over the pixels whose true flow is known ({@link FlowVectors}), in double; NaN where
   * none is.
   *
   * @param flow [N, 2, H, W]
   * @param truth of the same shape
   */
  public static double mean(Tensor flow, Tensor truth) {
    FlowVectors.count(flow);
    ShapeException.require(
        flow.shape().equals(truth.shape()),
        "end-point error",
        "wants flows of one shape: flow=%s truth=%s",
        flow.shape(),
        truth.shape());
    float[] a = flow.toArray();
    float[] b = truth.toArray();
    int plane = flow.dim(2) * flow.dim(3);
    double sum = 0;
    long known = 0;
    for (int i = 0; i < a.length; i++) {
      if (i / plane % 2 == 0 && FlowVectors.isKnown(b, i, plane)) {
        double du = (double) a[i] - b[i];
        double dv = (double) a[i + plane] - b[i + plane];
        sum += Math.sqrt(du * du + dv * dv);
        known++;
      }
    }
    return sum / known;
  }
}
