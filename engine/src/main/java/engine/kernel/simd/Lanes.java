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

  private Lanes() {}

  /** The even places of two neighbouring vectors. */
  static FloatVector evens(FloatVector low, FloatVector high) {
    return low.rearrange(EVENS).blend(high.rearrange(EVENS), UPPER_HALF);
  }

  /** The odd ones. */
  static FloatVector odds(FloatVector low, FloatVector high) {
    return low.rearrange(ODDS).blend(high.rearrange(ODDS), UPPER_HALF);
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
