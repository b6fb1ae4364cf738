package engine.kernel.simd;

import static engine.kernel.simd.SimdGemm.NR;
import static engine.kernel.simd.SimdSpecies.F;
import static engine.kernel.simd.SimdSpecies.L;

import engine.kernel.Conv3dArgs;
import java.util.Arrays;
import jdk.incubator.vector.VectorMask;

/**
 * What the taps of a convolution meet in its input, as panels of a product: column j is tap j, k
 * runs over the outputs (n,t',h',w'). A tap's inputs lie along its rows of the {@link
 * SimdConv3dVolume}, so blocks of taps by positions are transposed; in registers with 256 bits,
 * with which alone this is fast.
 */
final class TapPacker implements PanelPacker {
  private static final VectorMask<Float> ALL = F.maskAll(true);

  private final float[] x;

  /** The offsets of the taps, the last one repeated to whole panels. */
  private final int[] taps;

  /** Positions that are neighbours in memory: those of a row, of a frame, or of a sample. */
  private final int run;

  /** Where those begin, for a tap of offset 0. */
  private final int[] starts;

  TapPacker(Conv3dArgs a, SimdConv3dVolume volume, int[] taps, float[] x, int group) {
    this.x = x;
    this.taps = Arrays.copyOf(taps, Math.ceilDiv(taps.length, NR) * NR);
    Arrays.fill(this.taps, taps.length, this.taps.length, taps[taps.length - 1]);
    int frame = a.ho() * a.wo();
    int rows = volume.row == a.wo() ? frame : a.wo();
    this.run = rows == frame && volume.plane == frame ? a.positions() : rows;
    this.starts = new int[a.n() * a.positions() / run];
    for (int i = 0; i < starts.length; i++) {
      int p = i * run;
      int n = p / a.positions();
      int t = p / frame % a.to();
      int h = p / a.wo() % a.ho();
      int sample = n * volume.sample + group * a.groupIn() * volume.channel;
      starts[i] = sample + t * volume.plane + h * volume.row;
    }
  }

  @Override
  public void pack(int k0, int k1, int from, int to, float[] panel, int at) {
    int out = at;
    for (int p = k0; p < k1; ) {
      int within = p % run;
      int n = Math.min(run - within, k1 - p);
      for (int o = 0; o < to - from; o += L) {
        block(starts[p / run] + within, from + o, n, panel, out + o);
      }
      out += n * NR;
      p += n;
    }
  }

  /** A vector of taps by n neighbouring positions. */
  private void block(int start, int tap, int n, float[] panel, int at) {
    int whole = 0;
    if (L == 8) {
      whole = n / L * L;
      Transpose8.run(x, start, taps, tap, whole, panel, at, NR, ALL);
    }
    for (int p = whole; p < n; p++) {
      for (int o = 0; o < L; o++) {
        panel[at + p * NR + o] = x[start + p + taps[tap + o]];
      }
    }
  }
}
