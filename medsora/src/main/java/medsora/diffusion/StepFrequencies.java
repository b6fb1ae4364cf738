package medsora.diffusion;

import engine.tensor.Shape;
import engine.tensor.Tensor;

/**
 * Diffusion steps as waves: [cos(t f_k), sin(t f_k)] with frequencies f_k = exp(-ln(10000) k /
 * half), half the width; frequencies and angles in float32 as numeric contract N14 lays down.
 */
public final class StepFrequencies {
  private StepFrequencies() {}

  /**
   * The table [b, width].
   *
   * @param width even
   * @param t one step for each sample
   */
  public static Tensor of(int width, float... t) {
    int half = width / 2;
    float[] table = new float[t.length * width];
    for (int k = 0; k < half; k++) {
      float exponent = ((float) -StrictMath.log(10000) * k) / (float) half;
      float frequency = (float) StrictMath.exp((double) exponent);
      for (int i = 0; i < t.length; i++) {
        float angle = t[i] * frequency;
        table[(i * width) + k] = (float) StrictMath.cos(angle);
        table[(i * width) + half + k] = (float) StrictMath.sin(angle);
      }
    }
    return Tensor.of(Shape.of(t.length, width), table);
  }
}
