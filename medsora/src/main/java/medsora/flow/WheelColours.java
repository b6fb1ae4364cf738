package medsora.flow;

import engine.numeric.Numerics;
import engine.tensor.Shape;
import engine.tensor.Tensor;

/**
 * The colour wheel of the Middlebury flow benchmark, as the released code codes flow (Baker et al.,
 * A Database and Evaluation Methodology for Optical Flow, 2011): the direction chooses one of 55
 * colours, between neighbours linearly; the length, over the longest of the picture, fades it to
 * white. Profile {@code reference}.
 *
 * <p>With r the length and R the longest of a picture, u' = u / (R + 1e-5) and v' likewise;
 * position on the wheel p = (atan2(-v', -u') / pi + 1) / 2 * 54; colour c = (1 - f) wheel[floor p]
 * + f wheel[floor p + 1], f the fraction of p; value floor(255 (1 - r' (1 - c))). A vector that is
 * not known ({@link FlowVectors}) counts as zero.
 */
public final class WheelColours implements FlowColours {
  /** Colours from red to yellow, yellow to green, ... magenta to red. */
  private static final int[] ARCS = {15, 6, 4, 11, 13, 6};

  private static final float EPS = 1e-5f;
  private static final float PI = (float) Math.PI;

  private static final int[][] WHEEL = wheel();

  private static int[][] wheel() {
    int count = java.util.Arrays.stream(ARCS).sum();
    int[][] wheel = new int[count][3];
    int at = 0;
    for (int arc = 0; arc < ARCS.length; arc++) {
      // Arcs alternate: the next colour rises beside the full one, then the full one falls.
      int full = (arc + 1) / 2 % 3;
      int moving = arc % 2 == 0 ? (full + 1) % 3 : (full + 2) % 3;
      for (int i = 0; i < ARCS[arc]; i++) {
        int step = 255 * i / ARCS[arc];
        wheel[at][full] = 255;
        wheel[at][moving] = arc % 2 == 0 ? step : 255 - step;
        at++;
      }
    }
    return wheel;
  }

  /** The colours of the wheel, [55, 3], 0..255. */
  public static float[] table() {
    float[] table = new float[3 * WHEEL.length];
    for (int i = 0; i < table.length; i++) {
      table[i] = WHEEL[i / 3][i % 3];
    }
    return table;
  }

  @Override
  public Tensor pictures(Tensor flow) {
    int n = FlowVectors.count(flow);
    int plane = flow.dim(2) * flow.dim(3);
    float[] uv = flow.toArray();
    float[] rgb = new float[n * 3 * plane];
    for (int i = 0; i < n; i++) {
      picture(uv, 2 * i * plane, rgb, 3 * i * plane, plane);
    }
    return Tensor.of(Shape.of(n, 3, flow.dim(2), flow.dim(3)), rgb);
  }

  private static void picture(float[] uv, int from, float[] rgb, int to, int plane) {
    float longest = FlowVectors.longest(uv, from, plane) + EPS;
    for (int i = 0; i < plane; i++) {
      boolean known = FlowVectors.length(uv, from + i, plane) > 0f;
      float u = known ? uv[from + i] / longest : 0f;
      float v = known ? uv[from + plane + i] / longest : 0f;
      float radius = Numerics.sqrt(u * u + v * v);
      float place = (Numerics.atan2(-v, -u) / PI + 1f) / 2f * (WHEEL.length - 1);
      int low = (int) place;
      float f = place - low;
      int[] first = WHEEL[low];
      int[] second = WHEEL[(low + 1) % WHEEL.length];
      for (int c = 0; c < 3; c++) {
        float colour = (1f - f) * (first[c] / 255f) + f * (second[c] / 255f);
        float faded = radius <= 1f ? 1f - radius * (1f - colour) : colour * 0.75f;
        rgb[to + c * plane + i] = (int) (255f * faded);
      }
    }
  }
}
