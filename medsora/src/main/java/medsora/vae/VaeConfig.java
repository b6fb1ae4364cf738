package medsora.vae;

import java.util.List;

/**
 * The sizes and switches of the autoencoder.
 *
 * @param widths channels per level, finest first (CogVideoX: 128, 256, 256, 512); all but the last
 *     level halve height and width, the first two of these halve time too
 * @param layers residual blocks per level of the encoder; the decoder has one more (3)
 * @param latentChannels channels of a latent (16)
 * @param groups groups of every group norm (32)
 * @param compensation where frequency compensation stands
 * @param compensationDropout dropout inside its 3-D modules in training (0.2)
 */
public record VaeConfig(
    List<Integer> widths,
    int layers,
    int latentChannels,
    int groups,
    Compensation compensation,
    float compensationDropout)
    implements AutoencoderConfig {
  /** The autoencoder of the paper. */
  public static final String KIND = "medsora";

  /** Frames that are encoded at once; caches carry the causal convolutions from chunk to chunk. */
  public static final int FRAMES_PER_CHUNK = 8;

  /** Frames per latent frame. */
  public static final int TIME_FACTOR = 4;

  /** Latent frames that are decoded at once. */
  public static final int LATENTS_PER_CHUNK = FRAMES_PER_CHUNK / TIME_FACTOR;

  /** Levels that halve time. */
  static final int TIME_LEVELS = 2;

  /** Where and how frequency compensation is built in. */
  public enum Compensation {
    /** Nowhere: the plain CogVideoX autoencoder. */
    NONE,
    /**
     * Paper section 3.3: a pair of 2-D convolutions before each down-sampler, and BN-ReLU-conv3d in
     * the middle of each decoder block; each begins as the identity.
     */
    PAPER,
    /** The released code: after both mid blocks (2-D), and after every decoder block (3-D). */
    RELEASED,
    /**
     * The modules of the released code at its places and under its names, each beginning as the
     * identity: the last convolution of each begins at zero. Once trained, the weights are those of
     * {@link #RELEASED} and compute the same there.
     */
    ZERO,
    /**
     * The paper's modules, and beside the whole of encoder and decoder a linear path that begins as
     * the lowest frequencies of a cosine transform, which a short training would not find. No
     * choice of the paper: for small models that begin from nothing.
     */
    COSINE;

    /** Whether the modules are those of the paper. */
    boolean asPaper() {
      return this == PAPER || this == COSINE;
    }

    /** Whether the modules are those of the released code. */
    boolean asReleased() {
      return this == RELEASED || this == ZERO;
    }
  }

  /** No size of a network comes near; what is larger is a mistake, or a file that means harm. */
  private static final int LARGEST = 1 << 16;

  private static final int MOST_LEVELS = 10;
  private static final int MOST_LAYERS = 1 << 8;

  public VaeConfig {
    widths = List.copyOf(widths);
    require(
        widths.size() >= 3 && widths.size() <= MOST_LEVELS,
        "3 (so that time can be halved twice) to " + MOST_LEVELS + " widths");
    size("layers", layers, MOST_LAYERS);
    size("latentChannels", latentChannels, LARGEST);
    size("groups", groups, LARGEST);
    require(compensationDropout >= 0 && compensationDropout < 1, "compensationDropout in [0, 1)");
    for (int width : widths) {
      require(width % groups == 0, "widths that are multiples of groups");
      size("a width", width, LARGEST);
    }
  }

  private static void size(String name, int value, int largest) {
    require(value > 0 && value <= largest, name + " of 1 to " + largest + ", got " + value);
  }

  private static void require(boolean condition, String wish) {
    if (!condition) {
      throw new IllegalArgumentException("[vae] the configuration wants " + wish);
    }
  }

  /** The same sizes with another compensation. */
  public VaeConfig with(Compensation other) {
    return new VaeConfig(widths, layers, latentChannels, groups, other, compensationDropout);
  }

  @Override
  public VaeConfig withLatentChannels(int channels) {
    return new VaeConfig(widths, layers, channels, groups, compensation, compensationDropout);
  }

  /**
   * The same as what it is.
   *
   * @throws IllegalArgumentException if it is of another family
   */
  public static VaeConfig of(AutoencoderConfig autoencoder) {
    if (autoencoder instanceof VaeConfig own) {
      return own;
    }
    throw new IllegalArgumentException(
        "[vae] this wants the autoencoder of the paper, kind %s, got kind %s"
            .formatted(KIND, autoencoder.kind()));
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public int timeFactor() {
    return TIME_FACTOR;
  }

  @Override
  public int framesPerChunk() {
    return FRAMES_PER_CHUNK;
  }

  /** CogVideoX's, as the released code has them. */
  @Override
  public LatentStatistics published() {
    return LatentStatistics.RELEASED;
  }

  @Override
  public Vae network() {
    return new Vae(this);
  }

  @Override
  public int spaceFactor() {
    return 1 << (widths.size() - 1);
  }

  int deepest() {
    return widths.get(widths.size() - 1);
  }
}
