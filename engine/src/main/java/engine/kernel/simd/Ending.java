package engine.kernel.simd;

import static jdk.incubator.vector.VectorOperators.LE;

import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/**
 * What a convolution does with each sum on its way into the result: v = sum + bias of the channel,
 * then floor where v &lt;= floor.
 *
 * @param bias null: -0, which changes no value and no sign
 * @param floor 0 for ReLU; minus infinity, which leaves every value and every NaN, for none
 */
record Ending(float @Nullable [] bias, float floor) {
  /** The sum as it is. */
  static final Ending PLAIN = new Ending(null, Float.NEGATIVE_INFINITY);

  /** Bias, or null, then ReLU if wanted. */
  static Ending of(float @Nullable [] bias, boolean relu) {
    return new Ending(bias, relu ? 0f : Float.NEGATIVE_INFINITY);
  }

  /** That of a channel. */
  float bias(int channel) {
    return bias == null ? -0f : bias[channel];
  }

  /** Of sums of a channel whose bias is b. */
  FloatVector of(FloatVector sums, float b) {
    FloatVector v = sums.add(b);
    return v.blend(floor, v.compare(LE, floor));
  }

  /** Of one sum. */
  float of(float sum, float b) {
    float v = sum + b;
    return v <= floor ? floor : v;
  }
}
