package medsora.flow;

import engine.numeric.Numerics;
import engine.tensor.Shape;
import engine.tensor.Tensor;

/**
 * Flow as hue and brightness (paper section 3.3, Eq. 13): H = atan2(v, u) modulo 2 pi, S = 1, V = M
 * / Mmax, M the length of a vector and Mmax the longest of the picture. Values are 255 times red,
 * green and blue, rounded down. Profile {@code paper}. No motion at all is black; a vector that is
 * not known ({@link FlowVectors}) counts as none.
 */
public final class HsvColours implements FlowColours {
  private static final float SIXTH = (float) (Math.PI / 3);

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
    float longest = FlowVectors.longest(uv, from, plane);
    for (int i = 0; i < plane; i++) {
      float length = FlowVectors.length(uv, from + i, plane);
      float value = length == 0f ? 0f : length / longest;
      float hue = length == 0f ? 0f : Numerics.atan2(uv[from + plane + i], uv[from + i]) / SIXTH;
      hue = hue < 0f ? hue + 6f : hue;
      for (int c = 0; c < 3; c++) {
        rgb[to + c * plane + i] = (int) (255f * (value * full(hue, c)));
      }
    }
  }

  /** One of red, green, blue of a hue in sixths of the circle, at full saturation and value. */
  private static float full(float hue, int colour) {
    // Each colour is full within one sixth of its own hue, and falls to 0 over the next.
    float away = Math.abs(hue - 2f * colour);
    float distance = Math.min(away, 6f - away);
    return Math.clamp(2f - distance, 0f, 1f);
  }
}
