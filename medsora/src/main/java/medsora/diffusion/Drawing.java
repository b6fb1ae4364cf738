package medsora.diffusion;

import java.util.ArrayList;
import java.util.List;

/**
 * What a recipe does when clips are drawn, beside the sampler's method: to the network, whose
 * predictions are led by {@link SkipGuidance}, and to its estimates of x_0 ({@link
 * Sampler.Estimate}). Nothing of it touches training.
 *
 * @param gain of the estimates of x_0, 1 for none
 * @param tilt how much less a channel's gain is for each doubling of what it is divided by for the
 *     denoiser, its deviation in the data to the power of {@code recipe.evenness}
 * @param bound of the estimates of x_0, {@link Sampler#UNBOUND} for none
 * @param skip of weight 0 for none
 */
public record Drawing(double gain, double tilt, float bound, SkipGuidance skip) {
  /** As the network comes. */
  public static final Drawing PLAIN = new Drawing(1, 0, Sampler.UNBOUND, SkipGuidance.NONE);

  /** The network that samples meet. */
  public NoisePredictor network(NoisePredictor trained) {
    return skip.weight() == 0 ? trained : trained.led(skip);
  }

  /**
   * What becomes of the estimates of x_0: channel c has the gain gain - tilt log2(g / scale_c),
   * with g the geometric mean of the scales.
   *
   * @param scales by which the channels of the latents are brought to the denoiser's units, one for
   *     all or one for each
   */
  public Sampler.Estimate estimate(List<Float> scales) {
    if (tilt == 0 || scales.size() == 1) {
      return new Sampler.Estimate((float) gain, bound);
    }
    double mean = 0;
    for (float scale : scales) {
      mean += log2(scale) / scales.size();
    }
    List<Float> gains = new ArrayList<>();
    for (float scale : scales) {
      gains.add((float) (gain - (tilt * (mean - log2(scale)))));
    }
    return new Sampler.Estimate(gains, bound);
  }

  private static double log2(float x) {
    return StrictMath.log(x) / StrictMath.log(2);
  }
}
