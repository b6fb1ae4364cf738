package engine.kernel.simd;

import static engine.kernel.WinogradArgs.OUTPUTS;
import static engine.kernel.WinogradArgs.SIDE;
import static engine.kernel.simd.SimdGemm.NR;
import static engine.kernel.simd.SimdSpecies.F;
import static engine.kernel.simd.SimdSpecies.L;
import static engine.numeric.WinogradPoints.FAR;
import static engine.numeric.WinogradPoints.FAR_2;
import static engine.numeric.WinogradPoints.FAR_3;
import static engine.numeric.WinogradPoints.NEAR;
import static engine.numeric.WinogradPoints.NEAR_2;
import static engine.numeric.WinogradPoints.NEAR_3;

import jdk.incubator.vector.FloatVector;

/**
 * The results of {@link engine.kernel.scalar.ScalarWinogradLines}, a vector of tiles at a time;
 * then the four columns of the tiles are put in turn.
 */
final class WinogradResults {
  /** Floats of a row of results of one panel of tiles. */
  static final int ROW = OUTPUTS * NR;

  private static final FloatVector A = FloatVector.broadcast(F, NEAR);
  private static final FloatVector A_2 = FloatVector.broadcast(F, NEAR_2);
  private static final FloatVector A_3 = FloatVector.broadcast(F, NEAR_3);
  private static final FloatVector B = FloatVector.broadcast(F, FAR);
  private static final FloatVector B_2 = FloatVector.broadcast(F, FAR_2);
  private static final FloatVector B_3 = FloatVector.broadcast(F, FAR_3);

  /** Rows of results. */
  final float[] rows = new float[OUTPUTS * ROW];

  private final float[] down = new float[OUTPUTS * SIDE * L];
  private final float[] columns = new float[OUTPUTS * L];

  /**
   * The results of a vector of tiles, the first of which is tile j of the panel, as they end in a
   * channel of bias b. Point (i, c) is m[at + (SIDE i + c) * points].
   */
  void untransform(float[] m, int at, int points, Ending ending, float b, int j) {
    for (int c = 0; c < SIDE; c++) {
      transform(m, at + c * points, SIDE * points, down, c * L, SIDE * L);
    }
    for (int i = 0; i < OUTPUTS; i++) {
      transform(down, i * SIDE * L, L, columns, 0, L);
      FloatVector y0 = ending.of(FloatVector.fromArray(F, columns, 0), b);
      FloatVector y1 = ending.of(FloatVector.fromArray(F, columns, L), b);
      FloatVector y2 = ending.of(FloatVector.fromArray(F, columns, 2 * L), b);
      FloatVector y3 = ending.of(FloatVector.fromArray(F, columns, 3 * L), b);
      inTurn(y0, y1, y2, y3, i * ROW + OUTPUTS * j);
    }
  }

  private void inTurn(FloatVector y0, FloatVector y1, FloatVector y2, FloatVector y3, int to) {
    FloatVector lowEvens = Lanes.lowInTurn(y0, y2);
    FloatVector lowOdds = Lanes.lowInTurn(y1, y3);
    Lanes.lowInTurn(lowEvens, lowOdds).intoArray(rows, to);
    Lanes.highInTurn(lowEvens, lowOdds).intoArray(rows, to + L);
    FloatVector highEvens = Lanes.highInTurn(y0, y2);
    FloatVector highOdds = Lanes.highInTurn(y1, y3);
    Lanes.lowInTurn(highEvens, highOdds).intoArray(rows, to + 2 * L);
    Lanes.highInTurn(highEvens, highOdds).intoArray(rows, to + 3 * L);
  }

  private static void transform(float[] m, int at, int step, float[] y, int to, int stride) {
    FloatVector m1 = FloatVector.fromArray(F, m, at + step);
    FloatVector m2 = FloatVector.fromArray(F, m, at + 2 * step);
    FloatVector m3 = FloatVector.fromArray(F, m, at + 3 * step);
    FloatVector m4 = FloatVector.fromArray(F, m, at + 4 * step);
    FloatVector nearSum = m1.add(m2);
    FloatVector nearDifference = m1.sub(m2);
    FloatVector farSum = m3.add(m4);
    FloatVector farDifference = m3.sub(m4);
    FloatVector last = farDifference.fma(B_3, FloatVector.fromArray(F, m, at + 5 * step));
    FloatVector.fromArray(F, m, at).add(nearSum).add(farSum).intoArray(y, to);
    nearDifference.fma(A, farDifference.mul(B)).intoArray(y, to + stride);
    nearSum.fma(A_2, farSum.mul(B_2)).intoArray(y, to + 2 * stride);
    nearDifference.fma(A_3, last).intoArray(y, to + 3 * stride);
  }
}
