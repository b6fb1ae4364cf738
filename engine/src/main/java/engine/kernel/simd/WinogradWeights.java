package engine.kernel.simd;

import static engine.kernel.WinogradArgs.POINTS;
import static engine.kernel.WinogradArgs.SIDE;
import static engine.kernel.WinogradArgs.TAPS;
import static engine.kernel.simd.SimdGemm.KC;
import static engine.kernel.simd.SimdGemm.MR;
import static engine.kernel.simd.SimdSpecies.F;
import static engine.kernel.simd.SimdSpecies.L;
import static engine.numeric.WinogradPoints.AT_FAR;
import static engine.numeric.WinogradPoints.AT_NEAR;
import static engine.numeric.WinogradPoints.AT_ZERO;
import static engine.numeric.WinogradPoints.FAR;
import static engine.numeric.WinogradPoints.FAR_2;
import static engine.numeric.WinogradPoints.NEAR;
import static engine.numeric.WinogradPoints.NEAR_2;

import engine.kernel.WinogradArgs;
import jdk.incubator.vector.FloatVector;

/**
 * The weights of {@link engine.kernel.scalar.ScalarWinogradLines} as panels of the matrix
 * micro-kernels, [point][segment][panel of rows][k][row]. Some channels of a panel are brought
 * together, so that vectors run across rows and channels.
 */
final class WinogradWeights {
  /** Channels that are transformed at once: their weights stay in the first cache. */
  private static final int CHANNELS = 32;

  private static final int LINE = 3;
  private static final int PITCH = CHANNELS * MR + L;

  private static final FloatVector A = FloatVector.broadcast(F, NEAR);
  private static final FloatVector MINUS_A = FloatVector.broadcast(F, -NEAR);
  private static final FloatVector A_2 = FloatVector.broadcast(F, NEAR_2);
  private static final FloatVector B = FloatVector.broadcast(F, FAR);
  private static final FloatVector MINUS_B = FloatVector.broadcast(F, -FAR);
  private static final FloatVector B_2 = FloatVector.broadcast(F, FAR_2);

  private final WinogradPanels panels;
  private final WinogradArgs a;
  private final float[] weight;
  private final float[] u;
  private final int start;
  private final float[] g = new float[TAPS * PITCH];
  private final float[] down = new float[SIDE * LINE * L];
  private final float[] points = new float[POINTS * L];

  /** To u from {@code start} on. */
  WinogradWeights(WinogradPanels panels, float[] weight, float[] u, int start) {
    this.panels = panels;
    this.a = panels.args();
    this.weight = weight;
    this.u = u;
    this.start = start;
  }

  /** Packs a panel of rows. */
  void pack(int panel) {
    for (int k = 0; k < a.k(); ) {
      int ci = k % a.ci();
      int n = Math.min(Math.min(CHANNELS, a.ci() - ci), KC - k % KC);
      gather(panel, k / a.ci(), ci, n);
      int segment = k / KC * KC;
      transform(n * MR, start + panels.at(segment, panel) + (k - segment) * MR);
      k += n;
    }
  }

  /** g[tap][channel][row]; rows beyond the last repeat it. */
  private void gather(int panel, int tap, int ci, int n) {
    int first = a.mirrored() ? TAPS - 1 : 0;
    int step = a.mirrored() ? -1 : 1;
    for (int r = 0; r < MR; r++) {
      int co = Math.min(panel * MR + r, a.co() - 1);
      for (int c = 0; c < n; c++) {
        int at = a.weightAt(co, ci + c, tap) + first;
        for (int i = 0; i < TAPS; i++) {
          g[i * PITCH + c * MR + r] = weight[at + i * step];
        }
      }
    }
  }

  private void transform(int n, int to) {
    for (int i = 0; i < n; i += L) {
      for (int j = 0; j < LINE; j++) {
        line(g, j * PITCH + i, LINE * PITCH, down, j * L, LINE * L);
      }
      boolean whole = i + L <= n;
      for (int r = 0; r < SIDE; r++) {
        int at = to + i + r * SIDE * panels.pitch();
        if (whole) {
          line(down, r * LINE * L, L, u, at, panels.pitch());
        } else {
          line(down, r * LINE * L, L, points, 0, L);
          for (int c = 0; c < SIDE; c++) {
            System.arraycopy(points, c * L, u, at + c * panels.pitch(), n - i);
          }
        }
      }
    }
  }

  private static void line(float[] g, int at, int step, float[] u, int to, int stride) {
    FloatVector g0 = FloatVector.fromArray(F, g, at);
    FloatVector g1 = FloatVector.fromArray(F, g, at + step);
    FloatVector g2 = FloatVector.fromArray(F, g, at + 2 * step);
    FloatVector near = g2.fma(A_2, g0);
    FloatVector far = g2.fma(B_2, g0);
    g0.mul(AT_ZERO).intoArray(u, to);
    g1.fma(A, near).mul(AT_NEAR).intoArray(u, to + stride);
    g1.fma(MINUS_A, near).mul(AT_NEAR).intoArray(u, to + 2 * stride);
    g1.fma(B, far).mul(AT_FAR).intoArray(u, to + 3 * stride);
    g1.fma(MINUS_B, far).mul(AT_FAR).intoArray(u, to + 4 * stride);
    g2.intoArray(u, to + 5 * stride);
  }
}
