package engine.kernel.scalar;

import static engine.kernel.scalar.HeapArrays.orNull;
import static engine.tensor.HeapStorage.array;

import engine.kernel.RmsNormGradients;

/** The arrays behind the gradients of a gated RMS norm; z may be null. */
record RmsNormArrays(float[] x, float[] z, float[] weightTerms) {
  static RmsNormArrays of(RmsNormGradients out) {
    return new RmsNormArrays(array(out.x()), orNull(out.z()), array(out.weightTerms()));
  }
}
