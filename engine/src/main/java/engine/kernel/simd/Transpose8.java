package engine.kernel.simd;

import static engine.kernel.simd.SimdSpecies.F;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/**
 * Transposes blocks of 8 by 8 in registers of 8 lanes: stage by stage, vectors i and i + d swap the
 * halves of their groups of 2d lanes, for d = 1, 2, 4.
 */
final class Transpose8 {
  private static final VectorShuffle<Float> ONE = Lanes.swapped(1);
  private static final VectorShuffle<Float> TWO = Lanes.swapped(2);
  private static final VectorShuffle<Float> FOUR = Lanes.swapped(4);
  private static final VectorMask<Float> UPPER_ONE = Lanes.upper(1);
  private static final VectorMask<Float> UPPER_TWO = Lanes.upper(2);
  private static final VectorMask<Float> UPPER_FOUR = Lanes.upper(4);
  private static final VectorMask<Float> LOWER_ONE = Lanes.upper(1).not();
  private static final VectorMask<Float> LOWER_TWO = Lanes.upper(2).not();
  private static final VectorMask<Float> LOWER_FOUR = Lanes.upper(4).not();

  private Transpose8() {}

  /**
   * y[p * width + o] = x[start + rows[first + o] + p] for o in [0, 8) and p in [0, k), k a multiple
   * of 8. Rows of y are written ascending, each as a whole vector but for the last of a block,
   * which writes the lanes of a mask.
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
    for (int p = 0; p < k; p += 8) {
      FloatVector v0 = FloatVector.fromArray(F, x, s0 + p);
      FloatVector v1 = FloatVector.fromArray(F, x, s1 + p);
      FloatVector v2 = FloatVector.fromArray(F, x, s2 + p);
      FloatVector v3 = FloatVector.fromArray(F, x, s3 + p);
      FloatVector v4 = FloatVector.fromArray(F, x, s4 + p);
      FloatVector v5 = FloatVector.fromArray(F, x, s5 + p);
      FloatVector v6 = FloatVector.fromArray(F, x, s6 + p);
      FloatVector v7 = FloatVector.fromArray(F, x, s7 + p);
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
      int to = at + p * width;
      v0.intoArray(y, to);
      v1.intoArray(y, to + width);
      v2.intoArray(y, to + 2 * width);
      v3.intoArray(y, to + 3 * width);
      v4.intoArray(y, to + 4 * width);
      v5.intoArray(y, to + 5 * width);
      v6.intoArray(y, to + 6 * width);
      v7.intoArray(y, to + 7 * width, last);
    }
  }
}
