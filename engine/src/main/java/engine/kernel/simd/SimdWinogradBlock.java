package engine.kernel.simd;

import static engine.kernel.WinogradArgs.OUTPUTS;
import static engine.kernel.WinogradArgs.POINTS;
import static engine.kernel.simd.SimdGemm.KC;
import static engine.kernel.simd.SimdGemm.MR;
import static engine.kernel.simd.SimdGemm.NR;
import static engine.kernel.simd.SimdSpecies.F;
import static engine.kernel.simd.SimdSpecies.L;

import engine.kernel.WinogradArgs;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/**
 * One task of {@link SimdWinogradConv3d}: some panels of tiles of some frames of one sample, all
 * output channels. Inputs are transformed to {@code v[point][panel][step,channel][tile]}, the
 * products are {@code m[point][channel][panel][group][tile]}.
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

  /** Groups of frames. */
  private final int groups;

  /** Frames at which a panel of v begins; its other tiles are those of the frames that follow. */
  private final int steps;

  /** Rows of one panel of v: (step, channel). */
  private final int depth;

  private final int vPitch;
  private final float[] v;

  /** With the transformed inputs in this thread's scratch. */
  SimdWinogradBlock(SimdWinogradConv3d.Plan plan, int sample, int run, int block) {
    this(plan, sample, run, block, null);
  }

  /** With them in memory that several threads share, of {@link #size} floats. */
  SimdWinogradBlock(
      SimdWinogradConv3d.Plan plan, int sample, int run, int block, float @Nullable [] shared) {
    this.plan = plan;
    this.a = plan.args();
    this.sample = sample;
    this.frame0 = run * plan.frames();
    this.frames = Math.min(plan.frames(), a.to() - frame0);
    this.panel0 = block * plan.blockPanels();
    this.panels = Math.min(plan.blockPanels(), plan.panels() - panel0);
    this.groups = Math.ceilDiv(frames, plan.group());
    this.steps = SimdWinogradConv3d.Plan.steps(a, plan.group(), groups);
    this.depth = steps * a.ci();
    this.vPitch = panels * depth * NR + SKEW;
    this.v = shared != null ? shared : SCRATCH.get().b(Math.multiplyExact(POINTS, vPitch));
  }

  /** Floats of the largest block's transformed inputs. */
  static int size(SimdWinogradConv3d.Plan plan) {
    int groups = plan.frames() / plan.group();
    int depth = SimdWinogradConv3d.Plan.steps(plan.args(), plan.group(), groups) * plan.args().ci();
    return START + Math.multiplyExact(POINTS, plan.blockPanels() * depth * NR + SKEW);
  }

  /** This thread's memory for what is no block's; contents undefined. */
  static float[] scratch(int size) {
    return SCRATCH.get().b(size);
  }

  void compute(float[] x, WinogradPanels weights, float[] u, Ending ending, float[] y) {
    inputs(x, 0, a.ci());
    rows(weights.first(), weights.last(), weights, u, 0, ending, y);
  }

  /** The results of some panels of output channels; their weights lie in u from {@code at} on. */
  void rows(int from, int to, WinogradPanels weights, float[] u, int at, Ending ending, float[] y) {
    PanelScratch scratch = SCRATCH.get();
    int rows = Math.min(a.co(), to * MR) - from * MR;
    int pitch = rows * panels * groups * NR + SKEW;
    float[] m = scratch.a(Math.multiplyExact(POINTS, pitch));
    for (int point = 0; point < POINTS; point++) {
      for (int k0 = 0; k0 < a.k(); k0 += KC) {
        for (int panel = from; panel < to; panel++) {
          int row = (panel - from) * MR;
          int first = at + point * weights.pitch() + weights.at(k0, panel);
          int sums = START + point * pitch + row * panels * groups * NR;
          products(u, first, point, k0, Math.min(MR, rows - row), m, sums, scratch.tile);
        }
      }
    }
    results(m, pitch, from * MR, rows, ending, y);
  }

  // Inputs.

  /** Transforms the input channels [ci0, ci1). */
  void inputs(float[] x, int ci0, int ci1) {
    int first = panel0 * NR;
    int last = Math.min(a.tiles(), first + panels * NR);
    int row1 = (last - 1) / a.columns() + 1;
    WinogradLines lines =
        new WinogradLines(a, first / a.columns(), row1, Math.min(a.columns(), last - first));
    for (int f = 0; f < frames + a.kt() - 1; f++) {
      int t = frame0 + f - a.front();
      for (int ci = ci0; ci < ci1; ci++) {
        if (t >= 0 && t < a.t()) {
          lines.load(x, ((sample * a.ci() + ci) * a.t() + t) * a.h() * a.w());
          for (int p = first; p < last; ) {
            int n = Math.min(last - p, a.columns() - p % a.columns());
            lines.take(p / a.columns(), p % a.columns(), n);
            for (int e = firstPlace(f); e <= lastPlace(f); e++) {
              store(lines, (f - e) * a.ci() + ci, e * a.tiles() + p - first, n);
            }
            p += n;
          }
        } else {
          for (int e = firstPlace(f); e <= lastPlace(f); e++) {
            empty((f - e) * a.ci() + ci, e * a.tiles());
          }
        }
      }
    }
  }

  /** A source frame f is the e-th of the panels that begin e frames before it. */
  private int firstPlace(int f) {
    return Math.max(0, f + 1 - steps);
  }

  private int lastPlace(int f) {
    return Math.min(f, plan.group() - 1);
  }

  /** A vector of tiles may write beyond its last one what the next row of tiles overwrites. */
  private void store(WinogradLines lines, int k, int q, int n) {
    int j = 0;
    while (j < n) {
      int lane = (q + j) % NR;
      int count = Math.min(Math.min(n - j, NR - lane), L);
      int at = START + ((q + j) / NR * depth + k) * NR + lane;
      if (lane + L <= NR) {
        lines.along(j, v, at, vPitch);
      } else {
        lines.along(j, count, v, at, vPitch);
      }
      j += count;
    }
  }

  /** A frame that does not exist is +0, and so is its transform. */
  private void empty(int k, int lane) {
    int length = Math.min(NR - lane, a.tiles());
    for (int point = 0; point < POINTS; point++) {
      for (int p = 0; p < panels; p++) {
        int at = START + point * vPitch + (p * depth + k) * NR + lane;
        Arrays.fill(v, at, at + length, 0f);
      }
    }
  }

  // Products.

  /** A panel of weights with all inputs of a point, for one segment. */
  private void products(
      float[] u, int panel, int point, int k0, int rows, float[] m, int at, float[] tile) {
    int length = Math.min(KC, a.k() - k0);
    for (int p = 0; p < panels; p++) {
      for (int g = 0; g < groups; g++) {
        int first = START + point * vPitch + (p * depth + g * plan.group() * a.ci() + k0) * NR;
        SimdGemm.multiply(rows, lanes(p, g), length, u, panel, v, first, tile);
        merge(tile, rows, m, at + (p * groups + g) * NR, k0 == 0);
      }
    }
  }

  /** Tiles of a panel of a group. */
  private int lanes(int p, int g) {
    int present = Math.min(plan.group(), frames - g * plan.group());
    return Math.min(NR, present * a.tiles() - (panel0 + p) * NR);
  }

  private void merge(float[] tile, int rows, float[] m, int first, boolean alone) {
    int pitch = panels * groups * NR;
    for (int r = 0, at = first; r < rows; r++, at += pitch) {
      for (int i = 0; i < NR; i += L) {
        FloatVector sum = FloatVector.fromArray(F, tile, r * NR + i);
        (alone ? sum : FloatVector.fromArray(F, m, at + i).add(sum)).intoArray(m, at + i);
      }
    }
  }

  // Results.

  private void results(float[] m, int pitch, int row0, int rows, Ending ending, float[] y) {
    WinogradResults results = new WinogradResults();
    for (int r = 0; r < rows; r++) {
      int co = row0 + r;
      float b = ending.bias(co);
      for (int p = 0; p < panels; p++) {
        for (int g = 0; g < groups; g++) {
          int at = START + ((r * panels + p) * groups + g) * NR;
          int lanes = lanes(p, g);
          for (int i = 0; i < lanes; i += L) {
            results.untransform(m, at + i, pitch, ending, b, i);
          }
          int first = (panel0 + p) * NR;
          for (int i = 0; i < lanes; i += a.tiles()) {
            int f = frame0 + g * plan.group() + i / a.tiles();
            int plane = ((sample * a.co() + co) * a.to() + f) * a.ho();
            write(results.rows, i, first, Math.min(a.tiles(), first + NR), y, plane);
          }
        }
      }
    }
  }

  /** Tiles [first, last) of a frame, from a lane of a panel on, to the rows of y they lie in. */
  private void write(float[] rows, int lane, int first, int last, float[] y, int plane) {
    for (int p = first; p < last; ) {
      int row = OUTPUTS * (p / a.columns());
      int column = p % a.columns();
      int n = Math.min(last - p, a.columns() - column);
      int length = Math.min(OUTPUTS * n, a.wo() - OUTPUTS * column);
      for (int i = 0; i < Math.min(OUTPUTS, a.ho() - row); i++) {
        int from = i * WinogradResults.ROW + OUTPUTS * (lane + p - first);
        System.arraycopy(rows, from, y, (plane + row + i) * a.wo() + OUTPUTS * column, length);
      }
      p += n;
    }
  }
}
