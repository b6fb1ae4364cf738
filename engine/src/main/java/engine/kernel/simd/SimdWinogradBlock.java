package engine.kernel.simd;

import static engine.kernel.WinogradArgs.POINTS;
import static engine.kernel.simd.SimdGemm.KC;
import static engine.kernel.simd.SimdGemm.MR;
import static engine.kernel.simd.SimdGemm.NR;
import static engine.kernel.simd.SimdSpecies.F;
import static engine.kernel.simd.SimdSpecies.L;

import engine.kernel.WinogradArgs;
import jdk.incubator.vector.FloatVector;

/**
 * One task of {@link SimdWinogradConv3d}: some panels of tiles of some frames of one sample, all
 * output channels. Inputs are transformed to {@code v[point][panel][frame,channel][tile]}, the
 * products are {@code m[point][channel][panel][frame][tile]}; both lie in this thread's scratch.
 */
final class SimdWinogradBlock {
  /** Floats by which points are apart beyond their size, so that they do not share cache sets. */
  private static final int SKEW = 48;

  private static final int START = PanelScratch.START;

  private static final ThreadLocal<PanelScratch> SCRATCH =
      ThreadLocal.withInitial(PanelScratch::new);

  private final SimdWinogradConv3d.Plan plan;
  private final WinogradArgs a;
  private final int sample;
  private final int frame0;
  private final int frames;
  private final int panel0;
  private final int panels;

  /** Rows of one panel of v: (source frame, channel). */
  private final int depth;

  private final int vPitch;
  private final int mPitch;
  private final float[] v;
  private final float[] m;
  private final float[] tile;

  SimdWinogradBlock(SimdWinogradConv3d.Plan plan, int sample, int run, int block) {
    this.plan = plan;
    this.a = plan.args();
    this.sample = sample;
    this.frame0 = run * plan.frames();
    this.frames = Math.min(plan.frames(), a.to() - frame0);
    this.panel0 = block * plan.blockPanels();
    this.panels = Math.min(plan.blockPanels(), plan.panels() - panel0);
    this.depth = (frames + a.kt() - 1) * a.ci();
    this.vPitch = panels * depth * NR + SKEW;
    this.mPitch = a.co() * panels * frames * NR + SKEW;
    PanelScratch scratch = SCRATCH.get();
    this.v = scratch.b(Math.multiplyExact(POINTS, vPitch));
    this.m = scratch.a(Math.multiplyExact(POINTS, mPitch));
    this.tile = scratch.tile;
  }

  void compute(float[] x, float[] u, float[] bias, float[] y) {
    inputs(x);
    for (int point = 0; point < POINTS; point++) {
      for (int k0 = 0; k0 < a.k(); k0 += KC) {
        products(u, point, k0);
      }
    }
    results(bias, y);
  }

  // Inputs.

  private void inputs(float[] x) {
    int first = panel0 * NR;
    int last = Math.min(a.tiles(), first + panels * NR);
    WinogradLines lines = new WinogradLines(Math.min(a.columns(), last - first));
    for (int f = 0; f < frames + a.kt() - 1; f++) {
      int t = frame0 + f - a.front();
      for (int ci = 0; ci < a.ci(); ci++) {
        int plane = ((sample * a.ci() + ci) * a.t() + t) * a.h() * a.w();
        boolean inside = t >= 0 && t < a.t();
        for (int p = first; p < last; ) {
          int row = p / a.columns();
          int n = Math.min(last, (row + 1) * a.columns()) - p;
          for (int i = 0; i < 4; i++) {
            int h = 2 * row + i - a.top();
            boolean there = inside && h >= 0 && h < a.h();
            int shift = 2 * (p % a.columns()) - a.left();
            lines.load(i, x, plane + h * a.w(), shift, there ? a.w() : 0, n);
          }
          store(lines, f * a.ci() + ci, p - first, n);
          p += n;
        }
      }
    }
  }

  /** Transforms n tiles of a row into the lanes of their panels, beginning with the block's q. */
  private void store(WinogradLines lines, int k, int q, int n) {
    int j = 0;
    while (j < n) {
      int lane = (q + j) % NR;
      int count = Math.min(Math.min(n - j, NR - lane), L);
      int at = START + ((q + j) / NR * depth + k) * NR + lane;
      lines.transform(j, count, v, at, vPitch);
      j += count;
    }
  }

  // Products.

  private void products(float[] u, int point, int k0) {
    int length = Math.min(KC, a.k() - k0);
    int weights = point * plan.pointPitch();
    for (int rowPanel = 0; rowPanel < plan.rowPanels(); rowPanel++) {
      int row = rowPanel * MR;
      int rows = Math.min(MR, a.co() - row);
      int panel = weights + plan.weightPanel(k0, rowPanel);
      for (int p = 0; p < panels; p++) {
        for (int f = 0; f < frames; f++) {
          int at = START + point * vPitch + (p * depth + f * a.ci() + k0) * NR;
          SimdGemm.multiply(rows, NR, length, u, panel, v, at, tile);
          merge(point, row, rows, p * frames + f, k0 == 0);
        }
      }
    }
  }

  private void merge(int point, int row, int rows, int column, boolean first) {
    int pitch = panels * frames * NR;
    int at = START + point * mPitch + row * pitch + column * NR;
    for (int r = 0; r < rows; r++, at += pitch) {
      for (int i = 0; i < NR; i += L) {
        FloatVector sum = FloatVector.fromArray(F, tile, r * NR + i);
        (first ? sum : FloatVector.fromArray(F, m, at + i).add(sum)).intoArray(m, at + i);
      }
    }
  }

  // Results.

  private void results(float[] bias, float[] y) {
    float[] upper = new float[2 * NR];
    float[] lower = new float[2 * NR];
    for (int f = 0; f < frames; f++) {
      for (int co = 0; co < a.co(); co++) {
        int plane = ((sample * a.co() + co) * a.to() + frame0 + f) * a.ho();
        float b = bias == null ? -0f : bias[co];
        for (int p = 0; p < panels; p++) {
          int at = START + ((co * panels + p) * frames + f) * NR;
          for (int i = 0; i < NR; i += L) {
            WinogradLines.untransform(m, at + i, mPitch, b, upper, lower, 2 * i);
          }
          int first = (panel0 + p) * NR;
          write(upper, lower, first, Math.min(a.tiles(), first + NR), y, plane);
        }
      }
    }
  }

  /** Tiles [first, last) of a panel to the rows of y that they lie in. */
  private void write(float[] upper, float[] lower, int first, int last, float[] y, int plane) {
    for (int p = first; p < last; ) {
      int row = p / a.columns();
      int column = p % a.columns();
      int n = Math.min(last - p, a.columns() - column);
      int length = Math.min(2 * n, a.wo() - 2 * column);
      int at = (plane + 2 * row) * a.wo() + 2 * column;
      System.arraycopy(upper, 2 * (p - first), y, at, length);
      if (2 * row + 1 < a.ho()) {
        System.arraycopy(lower, 2 * (p - first), y, at + a.wo(), length);
      }
      p += n;
    }
  }
}
