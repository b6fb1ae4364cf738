package engine.kernel.simd;

import static engine.kernel.simd.SimdSpecies.F;

import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/** Patterns of lanes. */
final class Lanes {
  private Lanes() {}

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
