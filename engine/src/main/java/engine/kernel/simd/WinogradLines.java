package engine.kernel.simd;

import static engine.kernel.WinogradArgs.OUTPUTS;
import static engine.kernel.WinogradArgs.SIDE;
import static engine.kernel.simd.SimdSpecies.F;
import static engine.kernel.simd.SimdSpecies.L;
import static engine.numeric.WinogradPoints.FAR;
import static engine.numeric.WinogradPoints.FAR_2;
import static engine.numeric.WinogradPoints.NEAR;
import static engine.numeric.WinogradPoints.NEAR_2;

import engine.kernel.WinogradArgs;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * The inputs of {@link engine.kernel.scalar.ScalarWinogradLines}, a vector of columns at a time
 * down the height, then a vector of tiles along the width. Tiles begin at every fourth column, so
 * between the two the columns are dealt to four lines; then all that a vector of tiles reads are
 * six neighbouring vectors.
 */
final class WinogradLines {
  private static final FloatVector A = FloatVector.broadcast(F, NEAR);
  private static final FloatVector MINUS_A = FloatVector.broadcast(F, -NEAR);
  private static final FloatVector MINUS_A_2 = FloatVector.broadcast(F, -NEAR_2);
  private static final FloatVector B = FloatVector.broadcast(F, FAR);
  private static final FloatVector MINUS_B = FloatVector.broadcast(F, -FAR);
  private static final FloatVector MINUS_B_2 = FloatVector.broadcast(F, -FAR_2);

  private final WinogradArgs a;
  private final int row0;
  private final int height;
  private final int pitch;

  /** What rows of tiles read of a frame, +0 outside of it. */
  private final float[] lines;

  private final int downPitch;
  private final float[] down;
  private final int dealtPitch;
  private final float[] dealt;
  private final float[] six = new float[SIDE * L];

  /** For rows of tiles [row0, row1), of which at most so many tiles are asked for at once. */
  WinogradLines(WinogradArgs a, int row0, int row1, int most) {
    this.a = a;
    this.row0 = row0;
    this.height = OUTPUTS * (row1 - row0 - 1) + SIDE;
    this.pitch = OUTPUTS * (a.columns() - 1) + SIDE;
    this.lines = new float[height * pitch + L];
    this.dealtPitch = most / L * L + 2 * L;
    this.dealt = new float[SIDE * OUTPUTS * dealtPitch];
    this.downPitch = OUTPUTS * dealtPitch;
    this.down = new float[SIDE * downPitch];
  }

  /** Reads a frame that begins at x[plane]. */
  void load(float[] x, int plane) {
    int top = OUTPUTS * row0 - a.top();
    int length = Math.min(a.w(), pitch - a.left());
    int last = Math.min(height, a.h() - top);
    for (int i = Math.max(0, -top); i < last; i++) {
      System.arraycopy(x, plane + (top + i) * a.w(), lines, i * pitch + a.left(), length);
    }
  }

  /** Takes n tiles of a row of tiles, down the height, and deals their columns. */
  void take(int row, int column, int n) {
    int at = OUTPUTS * ((row - row0) * pitch + column);
    for (int i = 0; i < OUTPUTS * n + 2; i += L) {
      down(at + i, i);
    }
    for (int i = 0; i < SIDE; i++) {
      for (int j = 0; j <= n; j += L) {
        deal(i * downPitch + OUTPUTS * j, i * OUTPUTS * dealtPitch + j);
      }
    }
  }

  private void down(int at, int to) {
    FloatVector d1 = line(at, 1);
    FloatVector d2 = line(at, 2);
    FloatVector d3 = line(at, 3);
    FloatVector d4 = line(at, 4);
    transform(line(at, 0), d1, d2, d3, d4, line(at, 5), down, to, downPitch);
  }

  private FloatVector line(int at, int i) {
    return FloatVector.fromArray(F, lines, at + i * pitch);
  }

  private void deal(int at, int to) {
    FloatVector v0 = FloatVector.fromArray(F, down, at);
    FloatVector v1 = FloatVector.fromArray(F, down, at + L);
    FloatVector v2 = FloatVector.fromArray(F, down, at + 2 * L);
    FloatVector v3 = FloatVector.fromArray(F, down, at + 3 * L);
    FloatVector lowEvens = Lanes.evens(v0, v1);
    FloatVector highEvens = Lanes.evens(v2, v3);
    Lanes.evens(lowEvens, highEvens).intoArray(dealt, to);
    Lanes.odds(lowEvens, highEvens).intoArray(dealt, to + 2 * dealtPitch);
    FloatVector lowOdds = Lanes.odds(v0, v1);
    FloatVector highOdds = Lanes.odds(v2, v3);
    Lanes.evens(lowOdds, highOdds).intoArray(dealt, to + dealtPitch);
    Lanes.odds(lowOdds, highOdds).intoArray(dealt, to + 3 * dealtPitch);
  }

  /**
   * The transforms of a vector of the tiles taken, from tile j on; point (i, c) goes to v[at +
   * (SIDE i + c) * points].
   */
  void along(int j, float[] v, int at, int points) {
    for (int i = 0; i < SIDE; i++) {
      FloatVector d0 = dealt(i, 0, j);
      FloatVector d1 = dealt(i, 1, j);
      FloatVector d2 = dealt(i, 2, j);
      FloatVector d3 = dealt(i, 3, j);
      FloatVector d4 = dealt(i, 0, j + 1);
      FloatVector d5 = dealt(i, 1, j + 1);
      transform(d0, d1, d2, d3, d4, d5, v, at + i * SIDE * points, points);
    }
  }

  /** The first {@code count} lanes of them. */
  void along(int j, int count, float[] v, int at, int points) {
    VectorMask<Float> some = F.indexInRange(0, count);
    for (int i = 0; i < SIDE; i++) {
      FloatVector d0 = dealt(i, 0, j);
      FloatVector d1 = dealt(i, 1, j);
      FloatVector d2 = dealt(i, 2, j);
      FloatVector d3 = dealt(i, 3, j);
      FloatVector d4 = dealt(i, 0, j + 1);
      FloatVector d5 = dealt(i, 1, j + 1);
      transform(d0, d1, d2, d3, d4, d5, six, 0, L);
      for (int c = 0; c < SIDE; c++) {
        FloatVector point = FloatVector.fromArray(F, six, c * L);
        point.intoArray(v, at + (i * SIDE + c) * points, some);
      }
    }
  }

  private FloatVector dealt(int i, int column, int j) {
    return FloatVector.fromArray(F, dealt, (i * OUTPUTS + column) * dealtPitch + j);
  }

  private static void transform(
      FloatVector d0,
      FloatVector d1,
      FloatVector d2,
      FloatVector d3,
      FloatVector d4,
      FloatVector d5,
      float[] v,
      int to,
      int stride) {
    FloatVector f0 = d0.fma(MINUS_B_2, d2);
    FloatVector f1 = d1.fma(MINUS_B_2, d3);
    FloatVector f2 = d2.fma(MINUS_B_2, d4);
    FloatVector f3 = d3.fma(MINUS_B_2, d5);
    FloatVector n1 = d1.fma(MINUS_A_2, d3);
    FloatVector n2 = d2.fma(MINUS_A_2, d4);
    f0.fma(MINUS_A_2, f2).intoArray(v, to);
    f1.fma(A, f2).intoArray(v, to + stride);
    f1.fma(MINUS_A, f2).intoArray(v, to + 2 * stride);
    n1.fma(B, n2).intoArray(v, to + 3 * stride);
    n1.fma(MINUS_B, n2).intoArray(v, to + 4 * stride);
    f1.fma(MINUS_A_2, f3).intoArray(v, to + 5 * stride);
  }
}
