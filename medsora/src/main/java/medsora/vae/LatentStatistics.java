package medsora.vae;

/**
 * How latents are brought to zero mean and unit variance for diffusion: z = (latent - shift) *
 * scale. Measured once after the VAE is trained and kept with its weights; with the released
 * weights it is shift 0 and scale 1.15258426.
 */
public record LatentStatistics(float shift, float scale) {
  public static final LatentStatistics RELEASED = new LatentStatistics(0f, 1.15258426f);

  public LatentStatistics {
    if (!Float.isFinite(shift) || !Float.isFinite(scale) || scale <= 0) {
      throw new IllegalArgumentException(
          "[latents] wants a finite shift and a finite positive scale, got shift "
              + shift
              + " and scale "
              + scale);
    }
  }

  /** From the mean and standard deviation of latents. */
  public static LatentStatistics of(double mean, double deviation) {
    if (!(deviation > 0)) {
      throw new IllegalArgumentException(
          "[latents] a standard deviation of " + deviation + " cannot be scaled to 1");
    }
    return new LatentStatistics((float) mean, (float) (1 / deviation));
  }
}
