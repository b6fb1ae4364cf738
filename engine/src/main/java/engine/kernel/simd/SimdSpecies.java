package engine.kernel.simd;

import engine.kernel.SimdWidth;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The one vector width of this backend, a constant so that the compiler sees through every loop.
 * Chosen by {@link SimdWidth} when this class is initialised, which fixes the choice.
 */
final class SimdSpecies {
  static final VectorSpecies<Float> F =
      switch (SimdWidth.fix()) {
        case 128 -> FloatVector.SPECIES_128;
        case 256 -> FloatVector.SPECIES_256;
        case 512 -> FloatVector.SPECIES_512;
        default -> FloatVector.SPECIES_PREFERRED;
      };

  /** Lanes of one vector. */
  static final int L = F.length();

  private SimdSpecies() {}
}
