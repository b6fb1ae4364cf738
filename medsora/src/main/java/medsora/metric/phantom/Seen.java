package medsora.metric.phantom;

import engine.numeric.Numerics;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import java.util.Arrays;
import medsora.flow.FlowEstimator;
import medsora.flow.variational.TvL1Config;
import medsora.flow.variational.TvL1Estimator;
import medsora.metric.resample.Filter;
import medsora.metric.resample.Pillow;

/**
 * What the two networks see of frames. Frames of any size and shape are brought to a square by
 * Pillow's antialiased bilinear filter, as bytes.
 */
final class Seen {
  /** Side of the frames that the network of frames sees. */
  static final int FRAME_SIDE = 64;

  /** Side of the frames that flow is estimated on. */
  static final int FLOW_SIDE = 48;

  /** Estimates the flow; its settings are a part of what the network of motion is. */
  static final FlowEstimator ESTIMATOR = new TvL1Estimator(TvL1Config.DEFAULT);

  private static final float HALF = 127.5f;

  /** Detail of so many grey levels is in the middle of the range. */
  private static final float LEVELS = 4;

  /** Rec. 601 weights of brightness. */
  private static final float[] LUMA = {0.299f, 0.587f, 0.114f};

  /** A row of the binomial filter. */
  private static final float[] BINOMIAL = {0.25f, 0.5f, 0.25f};

  private Seen() {}

  /**
   * Frames as pictures of three channels: luma y = 0.299 R + 0.587 G + 0.114 B as 2 y / 255 - 1,
   * red less blue (R - B) / 255, and detail h over sqrt(1 + h^2), where 4 h is what y has beyond
   * the 3x3 binomial mean around it. Colours alone hide blur: smooth scenes hardly change by it.
   *
   * @param bytes [N, 3, H, W] in 0..255
   * @return [N, 3, 64, 64]
   */
  static Tensor frames(Tensor bytes) {
    Tensor small = Pillow.bytes(bytes, FRAME_SIDE, FRAME_SIDE, Filter.BILINEAR);
    float[] x = small.toArray();
    float[] out = new float[x.length];
    int plane = FRAME_SIDE * FRAME_SIDE;
    float[] luma = new float[plane];
    for (int n = 0; n < small.dim(0); n++) {
      int at = 3 * n * plane;
      for (int i = 0; i < plane; i++) {
        float blue = x[at + 2 * plane + i];
        luma[i] = LUMA[0] * x[at + i] + LUMA[1] * x[at + plane + i] + LUMA[2] * blue;
        out[at + i] = luma[i] / HALF - 1;
        out[at + plane + i] = (x[at + i] - blue) / (2 * HALF);
      }
      for (int i = 0; i < plane; i++) {
        float h = (luma[i] - around(luma, i)) / LEVELS;
        out[at + 2 * plane + i] = h / Numerics.sqrt(1 + h * h);
      }
    }
    return Tensor.of(small.shape(), out);
  }

  /** The binomial mean of the 3x3 pixels around one of a plane; the rim is repeated. */
  private static float around(float[] x, int i) {
    int column = i % FRAME_SIDE;
    int row = i / FRAME_SIDE;
    float sum = 0;
    for (int b = -1; b <= 1; b++) {
      int line = Math.clamp(row + b, 0, FRAME_SIDE - 1) * FRAME_SIDE;
      for (int a = -1; a <= 1; a++) {
        sum +=
            BINOMIAL[b + 1] * BINOMIAL[a + 1] * x[line + Math.clamp(column + a, 0, FRAME_SIDE - 1)];
      }
    }
    return sum;
  }

  /**
   * The flow from each frame to the next.
   *
   * @param bytes [T, 3, H, W] in 0..255
   * @return [T - 1, 2, 48, 48] in pixels of that size
   */
  static Tensor flow(Tensor bytes) {
    Tensor small = Pillow.bytes(bytes, FLOW_SIDE, FLOW_SIDE, Filter.BILINEAR);
    int pairs = small.dim(0) - 1;
    Shape shape = small.shape().with(0, pairs);
    float[] x = small.toArray();
    int one = x.length / (pairs + 1);
    return ESTIMATOR.flow(
        Tensor.of(shape, Arrays.copyOf(x, pairs * one)),
        Tensor.of(shape, Arrays.copyOfRange(x, one, x.length)));
  }

  /**
   * Flow as a picture of three channels, u and v over r and m over r, m = sqrt(u^2 + v^2) and r =
   * sqrt(1 + m^2): about linear below a pixel, and never beyond 1. No scale is taken from the
   * picture itself, so that still frames stay still.
   *
   * @param flow [N, 2, H, W] in pixels
   * @return [N, 3, H, W]
   */
  static Tensor motion(Tensor flow) {
    ShapeException.require(
        flow.shape().rank() == 4 && flow.dim(1) == 2,
        "phantom features",
        "wants a flow [N,2,H,W], got %s",
        flow.shape());
    int n = flow.dim(0);
    int plane = flow.dim(2) * flow.dim(3);
    float[] uv = flow.toArray();
    float[] out = new float[n * 3 * plane];
    for (int i = 0; i < n * plane; i++) {
      int from = i / plane * 2 * plane + i % plane;
      int to = i / plane * 3 * plane + i % plane;
      float squared = uv[from] * uv[from] + uv[from + plane] * uv[from + plane];
      float r = Numerics.sqrt(1 + squared);
      out[to] = uv[from] / r;
      out[to + plane] = uv[from + plane] / r;
      out[to + 2 * plane] = Numerics.sqrt(squared) / r;
    }
    return Tensor.of(Shape.of(n, 3, flow.dim(2), flow.dim(3)), out);
  }
}
