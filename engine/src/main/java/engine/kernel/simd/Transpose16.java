package engine.kernel.simd;

import static engine.kernel.simd.SimdSpecies.F;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/**
 * Transposes blocks of 16 by 16 in registers of 16 lanes: stage by stage, vectors i and i + d swap
 * the halves of their groups of 2d lanes, for d = 1, 2, 4, 8.
 */
final class Transpose16 {
  private static final VectorShuffle<Float> ONE = Lanes.swapped(1);
  private static final VectorShuffle<Float> TWO = Lanes.swapped(2);
  private static final VectorShuffle<Float> FOUR = Lanes.swapped(4);
  private static final VectorShuffle<Float> EIGHT = Lanes.swapped(8);
  private static final VectorMask<Float> UPPER_ONE = Lanes.upper(1);
  private static final VectorMask<Float> UPPER_TWO = Lanes.upper(2);
  private static final VectorMask<Float> UPPER_FOUR = Lanes.upper(4);
  private static final VectorMask<Float> UPPER_EIGHT = Lanes.upper(8);
  private static final VectorMask<Float> LOWER_ONE = Lanes.upper(1).not();
  private static final VectorMask<Float> LOWER_TWO = Lanes.upper(2).not();
  private static final VectorMask<Float> LOWER_FOUR = Lanes.upper(4).not();
  private static final VectorMask<Float> LOWER_EIGHT = Lanes.upper(8).not();

  private Transpose16() {}

  /**
   * y[p * width + o] = x[start + rows[first + o] + p] for o in [0, 16) and p in [0, k), k a
   * multiple of 16. Rows of y are written ascending, each as a whole vector but for the last of a
   * block, which writes the lanes of a mask.
   */
  static void run(
      float[] x,
      int start,
      int[] rows,
      int first,
      int k,
      float[] y,
      int at,
      int width,
      VectorMask<Float> last) {
    int s0 = start + rows[first];
    int s1 = start + rows[first + 1];
    int s2 = start + rows[first + 2];
    int s3 = start + rows[first + 3];
    int s4 = start + rows[first + 4];
    int s5 = start + rows[first + 5];
    int s6 = start + rows[first + 6];
    int s7 = start + rows[first + 7];
    int s8 = start + rows[first + 8];
    int s9 = start + rows[first + 9];
    int s10 = start + rows[first + 10];
    int s11 = start + rows[first + 11];
    int s12 = start + rows[first + 12];
    int s13 = start + rows[first + 13];
    int s14 = start + rows[first + 14];
    int s15 = start + rows[first + 15];
    for (int p = 0; p < k; p += 16) {
      FloatVector v0 = FloatVector.fromArray(F, x, s0 + p);
      FloatVector v1 = FloatVector.fromArray(F, x, s1 + p);
      FloatVector v2 = FloatVector.fromArray(F, x, s2 + p);
      FloatVector v3 = FloatVector.fromArray(F, x, s3 + p);
      FloatVector v4 = FloatVector.fromArray(F, x, s4 + p);
      FloatVector v5 = FloatVector.fromArray(F, x, s5 + p);
      FloatVector v6 = FloatVector.fromArray(F, x, s6 + p);
      FloatVector v7 = FloatVector.fromArray(F, x, s7 + p);
      FloatVector v8 = FloatVector.fromArray(F, x, s8 + p);
      FloatVector v9 = FloatVector.fromArray(F, x, s9 + p);
      FloatVector v10 = FloatVector.fromArray(F, x, s10 + p);
      FloatVector v11 = FloatVector.fromArray(F, x, s11 + p);
      FloatVector v12 = FloatVector.fromArray(F, x, s12 + p);
      FloatVector v13 = FloatVector.fromArray(F, x, s13 + p);
      FloatVector v14 = FloatVector.fromArray(F, x, s14 + p);
      FloatVector v15 = FloatVector.fromArray(F, x, s15 + p);
      FloatVector a1at0 = v0.blend(v1.rearrange(ONE), UPPER_ONE);
      v1 = v1.blend(v0.rearrange(ONE), LOWER_ONE);
      v0 = a1at0;
      FloatVector a1at2 = v2.blend(v3.rearrange(ONE), UPPER_ONE);
      v3 = v3.blend(v2.rearrange(ONE), LOWER_ONE);
      v2 = a1at2;
      FloatVector a1at4 = v4.blend(v5.rearrange(ONE), UPPER_ONE);
      v5 = v5.blend(v4.rearrange(ONE), LOWER_ONE);
      v4 = a1at4;
      FloatVector a1at6 = v6.blend(v7.rearrange(ONE), UPPER_ONE);
      v7 = v7.blend(v6.rearrange(ONE), LOWER_ONE);
      v6 = a1at6;
      FloatVector a1at8 = v8.blend(v9.rearrange(ONE), UPPER_ONE);
      v9 = v9.blend(v8.rearrange(ONE), LOWER_ONE);
      v8 = a1at8;
      FloatVector a1at10 = v10.blend(v11.rearrange(ONE), UPPER_ONE);
      v11 = v11.blend(v10.rearrange(ONE), LOWER_ONE);
      v10 = a1at10;
      FloatVector a1at12 = v12.blend(v13.rearrange(ONE), UPPER_ONE);
      v13 = v13.blend(v12.rearrange(ONE), LOWER_ONE);
      v12 = a1at12;
      FloatVector a1at14 = v14.blend(v15.rearrange(ONE), UPPER_ONE);
      v15 = v15.blend(v14.rearrange(ONE), LOWER_ONE);
      v14 = a1at14;
      FloatVector a2at0 = v0.blend(v2.rearrange(TWO), UPPER_TWO);
      v2 = v2.blend(v0.rearrange(TWO), LOWER_TWO);
      v0 = a2at0;
      FloatVector a2at1 = v1.blend(v3.rearrange(TWO), UPPER_TWO);
      v3 = v3.blend(v1.rearrange(TWO), LOWER_TWO);
      v1 = a2at1;
      FloatVector a2at4 = v4.blend(v6.rearrange(TWO), UPPER_TWO);
      v6 = v6.blend(v4.rearrange(TWO), LOWER_TWO);
      v4 = a2at4;
      FloatVector a2at5 = v5.blend(v7.rearrange(TWO), UPPER_TWO);
      v7 = v7.blend(v5.rearrange(TWO), LOWER_TWO);
      v5 = a2at5;
      FloatVector a2at8 = v8.blend(v10.rearrange(TWO), UPPER_TWO);
      v10 = v10.blend(v8.rearrange(TWO), LOWER_TWO);
      v8 = a2at8;
      FloatVector a2at9 = v9.blend(v11.rearrange(TWO), UPPER_TWO);
      v11 = v11.blend(v9.rearrange(TWO), LOWER_TWO);
      v9 = a2at9;
      FloatVector a2at12 = v12.blend(v14.rearrange(TWO), UPPER_TWO);
      v14 = v14.blend(v12.rearrange(TWO), LOWER_TWO);
      v12 = a2at12;
      FloatVector a2at13 = v13.blend(v15.rearrange(TWO), UPPER_TWO);
      v15 = v15.blend(v13.rearrange(TWO), LOWER_TWO);
      v13 = a2at13;
      FloatVector a4at0 = v0.blend(v4.rearrange(FOUR), UPPER_FOUR);
      v4 = v4.blend(v0.rearrange(FOUR), LOWER_FOUR);
      v0 = a4at0;
      FloatVector a4at1 = v1.blend(v5.rearrange(FOUR), UPPER_FOUR);
      v5 = v5.blend(v1.rearrange(FOUR), LOWER_FOUR);
      v1 = a4at1;
      FloatVector a4at2 = v2.blend(v6.rearrange(FOUR), UPPER_FOUR);
      v6 = v6.blend(v2.rearrange(FOUR), LOWER_FOUR);
      v2 = a4at2;
      FloatVector a4at3 = v3.blend(v7.rearrange(FOUR), UPPER_FOUR);
      v7 = v7.blend(v3.rearrange(FOUR), LOWER_FOUR);
      v3 = a4at3;
      FloatVector a4at8 = v8.blend(v12.rearrange(FOUR), UPPER_FOUR);
      v12 = v12.blend(v8.rearrange(FOUR), LOWER_FOUR);
      v8 = a4at8;
      FloatVector a4at9 = v9.blend(v13.rearrange(FOUR), UPPER_FOUR);
      v13 = v13.blend(v9.rearrange(FOUR), LOWER_FOUR);
      v9 = a4at9;
      FloatVector a4at10 = v10.blend(v14.rearrange(FOUR), UPPER_FOUR);
      v14 = v14.blend(v10.rearrange(FOUR), LOWER_FOUR);
      v10 = a4at10;
      FloatVector a4at11 = v11.blend(v15.rearrange(FOUR), UPPER_FOUR);
      v15 = v15.blend(v11.rearrange(FOUR), LOWER_FOUR);
      v11 = a4at11;
      FloatVector a8at0 = v0.blend(v8.rearrange(EIGHT), UPPER_EIGHT);
      v8 = v8.blend(v0.rearrange(EIGHT), LOWER_EIGHT);
      v0 = a8at0;
      FloatVector a8at1 = v1.blend(v9.rearrange(EIGHT), UPPER_EIGHT);
      v9 = v9.blend(v1.rearrange(EIGHT), LOWER_EIGHT);
      v1 = a8at1;
      FloatVector a8at2 = v2.blend(v10.rearrange(EIGHT), UPPER_EIGHT);
      v10 = v10.blend(v2.rearrange(EIGHT), LOWER_EIGHT);
      v2 = a8at2;
      FloatVector a8at3 = v3.blend(v11.rearrange(EIGHT), UPPER_EIGHT);
      v11 = v11.blend(v3.rearrange(EIGHT), LOWER_EIGHT);
      v3 = a8at3;
      FloatVector a8at4 = v4.blend(v12.rearrange(EIGHT), UPPER_EIGHT);
      v12 = v12.blend(v4.rearrange(EIGHT), LOWER_EIGHT);
      v4 = a8at4;
      FloatVector a8at5 = v5.blend(v13.rearrange(EIGHT), UPPER_EIGHT);
      v13 = v13.blend(v5.rearrange(EIGHT), LOWER_EIGHT);
      v5 = a8at5;
      FloatVector a8at6 = v6.blend(v14.rearrange(EIGHT), UPPER_EIGHT);
      v14 = v14.blend(v6.rearrange(EIGHT), LOWER_EIGHT);
      v6 = a8at6;
      FloatVector a8at7 = v7.blend(v15.rearrange(EIGHT), UPPER_EIGHT);
      v15 = v15.blend(v7.rearrange(EIGHT), LOWER_EIGHT);
      v7 = a8at7;
      int to = at + p * width;
      v0.intoArray(y, to);
      v1.intoArray(y, to + width);
      v2.intoArray(y, to + 2 * width);
      v3.intoArray(y, to + 3 * width);
      v4.intoArray(y, to + 4 * width);
      v5.intoArray(y, to + 5 * width);
      v6.intoArray(y, to + 6 * width);
      v7.intoArray(y, to + 7 * width);
      v8.intoArray(y, to + 8 * width);
      v9.intoArray(y, to + 9 * width);
      v10.intoArray(y, to + 10 * width);
      v11.intoArray(y, to + 11 * width);
      v12.intoArray(y, to + 12 * width);
      v13.intoArray(y, to + 13 * width);
      v14.intoArray(y, to + 14 * width);
      v15.intoArray(y, to + 15 * width, last);
    }
  }
}
