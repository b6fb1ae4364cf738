package medsora.flow;

import engine.numeric.Numerics;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;

/**
 * Lengths of the vectors of a flow whose two components lie one plane apart. A vector is not known
 * if a component is not finite or 1e9 or more, the benchmark's mark, which no true flow reaches.
 */
final class FlowVectors {
  private static final float UNKNOWN = 1e9f;

  private FlowVectors() {}

  /** The number of flows in [N, 2, H, W]. */
  static int count(Tensor flow) {
    ShapeException.require(
        flow.shape().rank() == 4 && flow.dim(1) == 2,
        "flow colours",
        "wants a flow [N,2,H,W], got %s",
        flow.shape());
    return flow.dim(0);
  }

  /** Whether both components of the vector at a place are given. */
  static boolean isKnown(float[] uv, int at, int plane) {
    return Math.abs(uv[at]) < UNKNOWN && Math.abs(uv[at + plane]) < UNKNOWN;
  }

  /** The length of a vector; 0 where it is not known. */
  static float length(float[] uv, int at, int plane) {
    float u = uv[at];
    float v = uv[at + plane];
    return isKnown(uv, at, plane) ? Numerics.sqrt(u * u + v * v) : 0f;
  }

  /** The longest of all. */
  static float longest(float[] uv, int from, int plane) {
    float longest = 0f;
    for (int i = 0; i < plane; i++) {
      longest = Math.max(longest, length(uv, from + i, plane));
    }
    return longest;
  }
}
