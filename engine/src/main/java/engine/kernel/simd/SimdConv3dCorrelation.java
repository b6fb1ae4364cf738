package engine.kernel.simd;

import static engine.kernel.simd.SimdSpecies.L;

import engine.kernel.Workers;
import org.jspecify.annotations.Nullable;

/**
 * A correlation of stride 1 over a {@link SimdConv3dVolume}, which forward convolution and each
 * residue class of gradInput come down to: {@code y[n,m,t,h,w] = bias[m] + sum over k of
 * weight[m,k] * volume[n, tap k, position (t,h,w)]}, each sum in the order of N1.
 */
sealed interface SimdConv3dCorrelation permits SimdConv3dInPlace, SimdConv3dPanels {
  /**
   * Output channels of a group from which on positions are worth a copy in panels. Measured with
   * 512 bits, 3x3 on 56x56: half as fast at 8, even at 32, a fifth faster at 48 and 64; with 256
   * bits an eighth slower at 16, even at 18 to 24, a sixth faster at 48.
   */
  int PANEL_ROWS = L >= 16 ? 32 : 18;

  /**
   * The products of a group: k runs over source[k], an offset in the volume, and weightAt[k], an
   * index into the weights; channel m of group g adds {@code m*weightRow + g*weightGroup}.
   *
   * @param rows output channels of a group
   * @param sourceGroup distance of two groups in the volume
   */
  record Products(
      int groups,
      int rows,
      int[] source,
      int sourceGroup,
      int[] weightAt,
      int weightRow,
      int weightGroup) {
    int k() {
      return source.length;
    }
  }

  /** Where results go: extents, and distances in y of each axis; y[base] is the first. */
  record Target(
      int t, int h, int w, int base, int plane, int row, int column, int channel, int sample) {}

  /** In the form that is the faster. */
  static SimdConv3dCorrelation of(Products products, SimdConv3dVolume volume, Target target) {
    return products.rows < PANEL_ROWS
        ? new SimdConv3dInPlace(products, volume, target)
        : new SimdConv3dPanels(products, volume, target);
  }

  /** The number of products of a sum. */
  int k();

  /** Whether nothing is read beyond the volume, so that it needs no slack behind it. */
  boolean staysInside();

  /** Floats that {@link #pack} writes. */
  int packedSize();

  /**
   * All that what {@link #pack} writes depends on besides the weights; null where it is not worth
   * keeping.
   */
  @Nullable Object form();

  /** The weights as the products read them. */
  void pack(Workers workers, float[] weight, float[] packed);

  /** Computes samples [first, first + count) of y; sample {@code first} lies at the volume's 0. */
  void run(
      Workers workers, float[] packed, float[] x, int first, int count, Ending ending, float[] y);
}
