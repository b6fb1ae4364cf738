package medsora.align;

import medsora.diffusion.NoisePredictor;

/**
 * Settings of the alignment (paper section 3.2, Eq. 13 to 15, Table 1). Every difference between
 * the paper and the released code is a component of its own.
 *
 * @param enabled whether the loss of the denoiser has the alignment's term at all
 * @param alpha weight of the term (Eq. 17)
 * @param margin what of the weighted distance costs nothing (Eq. 15)
 * @param correlation over which elements one correlation runs (Eq. 14)
 * @param weighting where g(t) = 1 / (t + 1) stands (Eq. 15)
 * @param layerNorm whether features and activations are normalised over their width once more
 * @param sampling how flow frames become latent frames: the 1x1 convolution of Table 1
 * @param activations which of the denoiser's states are aligned
 * @param colours the coding of flow as colours (Eq. 13)
 * @param frames the range of the frames that the flow network sees
 * @param pictures what the feature network sees of a picture of flow
 */
public record AlignmentConfig(
    boolean enabled,
    double alpha,
    double margin,
    Correlation correlation,
    Weighting weighting,
    boolean layerNorm,
    Sampling sampling,
    Activations activations,
    Colours colours,
    Frames frames,
    Pictures pictures) {

  /** The elements of one correlation. */
  public enum Correlation {
    /** The tokens of a sample's video, one correlation for each channel. */
    TOKENS,
    /** The channels of a token, one correlation for each token. */
    CHANNELS
  }

  /** Where g(t) stands. */
  public enum Weighting {
    /** Each sample's correlations are weighted with its own g(t). */
    INSIDE,
    /** The mean correlation of the micro-batch is weighted with its mean g(t). */
    OUTSIDE
  }

  /** The weights of the 1x1 convolution from flow frames to latent frames. */
  public enum Sampling {
    /** Fixed: a latent frame meets the mean of the flow frames that it stands for. */
    GROUPS,
    /** Fixed: every latent frame meets the mean of all flow frames. */
    MEAN,
    /** Trained with the denoiser; begins as {@link #GROUPS}. */
    LEARNED
  }

  /** What of the denoiser is aligned. */
  public enum Activations {
    /** The state after the spatial part of each block. */
    SPATIAL(NoisePredictor.SPATIAL),
    /** The output of every second block, from the second on. */
    ODD_BLOCKS(NoisePredictor.BLOCKS);

    private final String hidden;

    Activations(String hidden) {
      this.hidden = hidden;
    }

    /** The name of these activations in the output of a network. */
    String hidden() {
      return hidden;
    }
  }

  /** Codings of flow as colours. */
  public enum Colours {
    /** Hue is direction, value is length over the picture's largest (Eq. 13). */
    HSV,
    /** The colour wheel of the Middlebury benchmark. */
    MIDDLEBURY
  }

  /** The range of frames that go into the flow network. */
  public enum Frames {
    /** 0 to 255, as it expects them. */
    BYTES,
    /** -1 to 1, as the released code hands them on. */
    UNIT
  }

  /** The input of the feature network. */
  public enum Pictures {
    /** Normalised with the mean and deviation of ImageNet, as it was trained. */
    IMAGENET,
    /** Values 0 to 255 as they are. */
    RAW
  }

  public AlignmentConfig {
    require(Double.isFinite(alpha) && alpha >= 0, "alpha be at least 0, got " + alpha);
    require(Double.isFinite(margin) && margin >= 0, "margin be at least 0, got " + margin);
  }

  private static void require(boolean condition, String wish) {
    if (!condition) {
      throw new IllegalArgumentException("[align] the configuration wants that " + wish);
    }
  }

  /** The same, with or without the alignment. */
  public AlignmentConfig enabled(boolean on) {
    return new AlignmentConfig(
        on,
        alpha,
        margin,
        correlation,
        weighting,
        layerNorm,
        sampling,
        activations,
        colours,
        frames,
        pictures);
  }

  /** The same with another sampling. */
  public AlignmentConfig with(Sampling other) {
    return new AlignmentConfig(
        enabled,
        alpha,
        margin,
        correlation,
        weighting,
        layerNorm,
        other,
        activations,
        colours,
        frames,
        pictures);
  }

  /** The same with another weight and margin. */
  public AlignmentConfig with(double otherAlpha, double otherMargin) {
    return new AlignmentConfig(
        enabled,
        otherAlpha,
        otherMargin,
        correlation,
        weighting,
        layerNorm,
        sampling,
        activations,
        colours,
        frames,
        pictures);
  }
}
