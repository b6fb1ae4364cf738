package engine.kernel.simd;

import static engine.kernel.WinogradArgs.POINTS;
import static engine.kernel.simd.SimdGemm.KC;
import static engine.kernel.simd.SimdGemm.MR;

import engine.kernel.WinogradArgs;

/**
 * Where transformed weights lie: [point][segment][panel of rows][k][row], for some panels of a
 * convolution's output channels.
 *
 * @param first panel, the first of {@code count}
 */
record WinogradPanels(WinogradArgs args, int first, int count) {
  /** Those of all output channels. */
  static WinogradPanels all(WinogradArgs a) {
    return new WinogradPanels(a, 0, Math.ceilDiv(a.co(), MR));
  }

  int last() {
    return first + count;
  }

  /** Floats of all points. */
  int size() {
    return Math.multiplyExact(POINTS, pitch());
  }

  /** Distance of two points. */
  int pitch() {
    return Math.multiplyExact(count * MR, args.k());
  }

  /** A panel for the segment that begins at k0, within a point. */
  int at(int k0, int panel) {
    int depth = Math.min(KC, args.k() - k0);
    return k0 * count * MR + (panel - first) * depth * MR;
  }
}
