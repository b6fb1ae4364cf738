package engine.kernel.simd;

import static engine.kernel.simd.SimdSpecies.F;
import static engine.kernel.simd.SimdSpecies.L;

import engine.kernel.simd.SimdConv3dCorrelation.Target;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * The positions of one panel of {@link SimdConv3dPanels} as runs: of neighbours in the volume, to
 * be read, and of neighbours in the result, to be written. Positions are numbered [sample, t, h, w]
 * by the extents of the result.
 */
final class SimdConv3dRuns {
  private static final int NR = SimdGemm.NR;

  private final int columns;
  private final int reach;
  private final int step;
  private final Runs sources = new Runs();
  private final Runs results = new Runs();

  /** Where runs begin, in lanes of the panel and in memory, and how long they are. */
  private static final class Runs {
    private final int[] lane = new int[NR];
    private final int[] at = new int[NR];
    private final int[] length = new int[NR];
    private int count;

    void append(int position, int where, int n, boolean joins) {
      int last = count - 1;
      if (joins && count > 0 && at[last] + length[last] == where) {
        length[last] += n;
      } else {
        lane[count] = position;
        at[count] = where;
        length[count++] = n;
      }
    }

    /** The run of a lane. */
    int at(int position) {
      int run = 0;
      while (lane[run] + length[run] <= position) {
        run++;
      }
      return run;
    }

    void shift(int by) {
      for (int i = 0; i < count; i++) {
        at[i] += by;
      }
    }
  }

  /**
   * Positions [from, to), at most a panel.
   *
   * @param reach the largest offset that {@link #pack} is given
   */
  SimdConv3dRuns(SimdConv3dVolume volume, Target target, int reach, int from, int to) {
    this.columns = to - from;
    this.reach = reach;
    this.step = target.column();
    int frame = target.h() * target.w();
    for (int q = from; q < to; ) {
      int w = q % target.w();
      int h = q % frame / target.w();
      int t = q / frame % target.t();
      int sample = q / (frame * target.t());
      int n = Math.min(target.w() - w, to - q);
      int source = sample * volume.sample + t * volume.plane + h * volume.row + w;
      sources.append(q - from, source, n, true);
      int result =
          sample * target.sample() + t * target.plane() + h * target.row() + w * target.column();
      results.append(q - from, result, n, step == 1);
      q += n;
    }
  }

  /** Moves all runs to other places of both. */
  void shift(int source, int result) {
    sources.shift(source);
    results.shift(result);
  }

  int columns() {
    return columns;
  }

  /** panel[at + p * NR + lane] = x[place of the lane + offset[k0 + p]] for p in [0, length). */
  void pack(float[] x, int[] offset, int k0, int length, float[] panel, int at) {
    if (columns == NR && sources.count == 1) {
      pairs(x, sources.at[0], offset, k0, length, panel, at);
      return;
    }
    for (int lane = 0; lane < columns; lane += L) {
      int first = sources.at(lane);
      int end = sources.at(Math.min(columns, lane + L) - 1) + 1;
      int beyond = sources.at[end - 1] - sources.lane[end - 1] + lane + reach + L;
      if (end <= first + 2 && beyond <= x.length) {
        couple(x, first, end - 1, lane, offset, k0, length, panel, at + lane);
      } else {
        single(x, first, end, lane, offset, k0, length, panel, at);
      }
    }
  }

  /** A panel that is one run. */
  private static void pairs(
      float[] x, int from, int[] offset, int k0, int length, float[] panel, int at) {
    int to = at;
    for (int p = k0; p < k0 + length; p++, to += NR) {
      int source = from + offset[p];
      FloatVector a = FloatVector.fromArray(F, x, source);
      FloatVector b = FloatVector.fromArray(F, x, source + L);
      a.intoArray(panel, to);
      b.intoArray(panel, to + L);
    }
  }

  /** A vector of the lanes of one run or two; what is read beyond a run is dropped. */
  private void couple(
      float[] x,
      int first,
      int last,
      int lane,
      int[] offset,
      int k0,
      int length,
      float[] panel,
      int at) {
    int from = sources.at[first] - sources.lane[first] + lane;
    int next = sources.at[last] - sources.lane[last] + lane;
    VectorMask<Float> second =
        first == last ? F.maskAll(false) : F.indexInRange(0, sources.lane[last] - lane).not();
    int to = at;
    for (int p = k0; p < k0 + length; p++, to += NR) {
      FloatVector v = FloatVector.fromArray(F, x, from + offset[p]);
      v.blend(FloatVector.fromArray(F, x, next + offset[p]), second).intoArray(panel, to);
    }
  }

  /** Many short runs, one after the other. */
  private void single(
      float[] x, int first, int end, int lane, int[] offset, int k0, int n, float[] panel, int at) {
    for (int run = first; run < end; run++) {
      int low = Math.max(lane, sources.lane[run]);
      int high = Math.min(lane + L, sources.lane[run] + sources.length[run]);
      int from = sources.at[run] - sources.lane[run];
      for (int p = 0; p < n; p++) {
        int source = from + offset[k0 + p];
        int to = at + p * NR;
        for (int i = low; i < high; i++) {
          panel[to + i] = x[source + i];
        }
      }
    }
  }

  /**
   * y[place of the lane + shift + r * pitch] = the ending of sums[r][lane], channel first + r, for
   * rows r.
   */
  void store(float[] sums, int rows, Ending ending, int first, float[] y, int shift, int pitch) {
    boolean whole = results.count == 1 && columns == NR && step == 1;
    for (int r = 0; r < rows; r++) {
      float b = ending.bias(first + r);
      int to = shift + r * pitch;
      if (whole) {
        storeWhole(sums, r * NR, ending, b, y, results.at[0] + to);
      } else {
        storeRuns(sums, r * NR, ending, b, y, to);
      }
    }
  }

  private static void storeWhole(float[] sums, int at, Ending ending, float b, float[] y, int to) {
    ending.of(FloatVector.fromArray(F, sums, at), b).intoArray(y, to);
    ending.of(FloatVector.fromArray(F, sums, at + L), b).intoArray(y, to + L);
  }

  private void storeRuns(float[] sums, int at, Ending ending, float b, float[] y, int shift) {
    for (int run = 0; run < results.count; run++) {
      int from = at + results.lane[run];
      int to = results.at[run] + shift;
      int n = results.length[run];
      if (step == 1) {
        SimdConv3dTile.store(sums, from, ending, b, y, to, n);
      } else {
        for (int i = 0; i < n; i++) {
          y[to + i * step] = ending.of(sums[from + i], b);
        }
      }
    }
  }
}
