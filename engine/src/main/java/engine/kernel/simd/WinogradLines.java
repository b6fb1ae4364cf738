package engine.kernel.simd;

import static engine.kernel.simd.SimdSpecies.F;
import static engine.kernel.simd.SimdSpecies.L;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/**
 * The transforms of {@link engine.kernel.scalar.ScalarWinogradConv3d}, one vector of tiles at a
 * time. Tiles begin at every second column, so four input rows are held apart by even and odd
 * columns; then all that a vector of tiles reads are four neighbouring vectors.
 */
final class WinogradLines {
  private static final VectorMask<Float> ODD = Lanes.upper(1);
  private static final VectorShuffle<Float> LOW = VectorShuffle.fromOp(F, i -> i / 2);
  private static final VectorShuffle<Float> HIGH =
      VectorShuffle.fromOp(F, i -> (F.length() + i) / 2);

  private final int pitch;
  private final float[] line;
  private final float[] even;
  private final float[] odd;

  /** For runs of at most so many tiles. */
  WinogradLines(int most) {
    this.pitch = (most + 1 + L - 1) / L * L + L;
    this.line = new float[2 * pitch];
    this.even = new float[4 * pitch];
    this.odd = new float[4 * pitch];
  }

  /** Input row i of n tiles: columns [shift, shift + 2n + 2) of a line, +0 outside of its width. */
  void load(int i, float[] x, int at, int shift, int width, int n) {
    int length = 2 * n + 2;
    int low = Math.min(length, Math.max(0, -shift));
    int high = Math.max(low, Math.min(length, width - shift));
    Arrays.fill(line, 0, low, 0f);
    System.arraycopy(x, high > low ? at + shift + low : 0, line, low, high - low);
    Arrays.fill(line, high, length, 0f);
    for (int j = 0; j <= n; j += L) {
      FloatVector a = FloatVector.fromArray(F, line, 2 * j);
      FloatVector b = FloatVector.fromArray(F, line, 2 * j + L);
      Lanes.evens(a, b).intoArray(even, i * pitch + j);
      Lanes.odds(a, b).intoArray(odd, i * pitch + j);
    }
  }

  /**
   * The transforms of the tiles j, ..., j + count - 1; point (i, c) goes to v[at + (4i + c) *
   * points].
   */
  void transform(int j, int count, float[] v, int at, int points) {
    for (int i = 0; i < 4; i++) {
      FloatVector d0 = down(even, i, j);
      FloatVector d1 = down(odd, i, j);
      FloatVector d2 = down(even, i, j + 1);
      FloatVector d3 = down(odd, i, j + 1);
      int to = at + 4 * i * points;
      if (count == L) {
        d0.sub(d2).intoArray(v, to);
        d1.add(d2).intoArray(v, to + points);
        d2.sub(d1).intoArray(v, to + 2 * points);
        d1.sub(d3).intoArray(v, to + 3 * points);
      } else {
        VectorMask<Float> some = F.indexInRange(0, count);
        d0.sub(d2).intoArray(v, to, some);
        d1.add(d2).intoArray(v, to + points, some);
        d2.sub(d1).intoArray(v, to + 2 * points, some);
        d1.sub(d3).intoArray(v, to + 3 * points, some);
      }
    }
  }

  /** Row i of the transform down the height, of a vector of columns. */
  private FloatVector down(float[] d, int i, int j) {
    return switch (i) {
      case 0 -> row(d, 0, j).sub(row(d, 2, j));
      case 1 -> row(d, 1, j).add(row(d, 2, j));
      case 2 -> row(d, 2, j).sub(row(d, 1, j));
      default -> row(d, 1, j).sub(row(d, 3, j));
    };
  }

  private FloatVector row(float[] d, int i, int j) {
    return FloatVector.fromArray(F, d, i * pitch + j);
  }

  /**
   * The results of a vector of tiles, whose point (i, c) is m[at + (4i + c) * points], plus b: the
   * upper and the lower row of two columns each.
   */
  static void untransform(
      float[] m, int at, int points, float b, float[] upper, float[] lower, int to) {
    FloatVector u0 = upper(m, at, points);
    FloatVector u1 = upper(m, at + points, points);
    FloatVector u2 = upper(m, at + 2 * points, points);
    FloatVector u3 = upper(m, at + 3 * points, points);
    interleave(u0.add(u1).add(u2).add(b), u1.sub(u2).sub(u3).add(b), upper, to);
    FloatVector l0 = lower(m, at, points);
    FloatVector l1 = lower(m, at + points, points);
    FloatVector l2 = lower(m, at + 2 * points, points);
    FloatVector l3 = lower(m, at + 3 * points, points);
    interleave(l0.add(l1).add(l2).add(b), l1.sub(l2).sub(l3).add(b), lower, to);
  }

  private static FloatVector upper(float[] m, int at, int points) {
    FloatVector m0 = FloatVector.fromArray(F, m, at);
    FloatVector m1 = FloatVector.fromArray(F, m, at + 4 * points);
    return m0.add(m1).add(FloatVector.fromArray(F, m, at + 8 * points));
  }

  private static FloatVector lower(float[] m, int at, int points) {
    FloatVector m1 = FloatVector.fromArray(F, m, at + 4 * points);
    FloatVector m2 = FloatVector.fromArray(F, m, at + 8 * points);
    return m1.sub(m2).sub(FloatVector.fromArray(F, m, at + 12 * points));
  }

  private static void interleave(FloatVector left, FloatVector right, float[] y, int to) {
    left.rearrange(LOW).blend(right.rearrange(LOW), ODD).intoArray(y, to);
    left.rearrange(HIGH).blend(right.rearrange(HIGH), ODD).intoArray(y, to + L);
  }
}
