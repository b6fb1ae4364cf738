package engine.kernel.simd;

import static engine.kernel.simd.SimdSpecies.F;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/** Patterns of lanes. */
final class Lanes {
  private static final VectorMask<Float> UPPER_HALF =
      F.indexInRange(-(F.length() / 2), F.length() / 2);
  private static final VectorShuffle<Float> EVENS =
      VectorShuffle.fromOp(F, i -> 2 * i % F.length());
  private static final VectorShuffle<Float> ODDS =
      VectorShuffle.fromOp(F, i -> (2 * i + 1) % F.length());

  private static final VectorShuffle<Float> LOW = VectorShuffle.fromOp(F, i -> i / 2);
  private static final VectorShuffle<Float> HIGH =
      VectorShuffle.fromOp(F, i -> (F.length() + i) / 2);
  private static final VectorMask<Float> ODD = upper(1);

  private Lanes() {}

  /** The even places of two neighbouring vectors. */
  static FloatVector evens(FloatVector low, FloatVector high) {
    return low.rearrange(EVENS).blend(high.rearrange(EVENS), UPPER_HALF);
  }

  /** The odd ones. */
  static FloatVector odds(FloatVector low, FloatVector high) {
    return low.rearrange(ODDS).blend(high.rearrange(ODDS), UPPER_HALF);
  }

  /** The lower halves of two vectors, lane by lane in turn. */
  static FloatVector lowInTurn(FloatVector first, FloatVector second) {
    return first.rearrange(LOW).blend(second.rearrange(LOW), ODD);
  }

  /** The upper halves. */
  static FloatVector highInTurn(FloatVector first, FloatVector second) {
    return first.rearrange(HIGH).blend(second.rearrange(HIGH), ODD);
  }

  /** Lane i takes lane i xor d. */
  static VectorShuffle<Float> swapped(int d) {
    return VectorShuffle.fromOp(F, i -> (i ^ d) % F.length());
  }

  /** The lanes whose bit d is set. */
  static VectorMask<Float> upper(int d) {
    boolean[] set = new boolean[F.length()];
    for (int i = 0; i < set.length; i++) {
      set[i] = (i & d) != 0;
    }
    return VectorMask.fromArray(F, set, 0);
  }
}
