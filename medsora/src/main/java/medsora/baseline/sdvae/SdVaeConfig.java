package medsora.baseline.sdvae;

import java.util.List;
import medsora.vae.AutoencoderConfig;
import medsora.vae.LatentStatistics;

/**
 * The sizes of the image autoencoder.
 *
 * @param widths channels per level, finest first (128, 256, 512, 512); all but the last level halve
 *     height and width
 * @param layers residual blocks per level of the encoder; the decoder has one more (2)
 * @param latentChannels channels of a latent (4)
 * @param groups groups of every group norm (32)
 */
public record SdVaeConfig(List<Integer> widths, int layers, int latentChannels, int groups)
    implements AutoencoderConfig {
  public static final String KIND = "sdvae";

  /** kl-f8, as published. */
  public static final SdVaeConfig PUBLISHED =
      new SdVaeConfig(List.of(128, 256, 512, 512), 2, 4, 32);

  /** By which latents of the published weights are multiplied. */
  private static final float SCALE = 0.18215f;

  /** No size of a network comes near; what is larger is a mistake, or a file that means harm. */
  private static final int LARGEST = 1 << 16;

  private static final int MOST_LEVELS = 10;
  private static final int MOST_LAYERS = 1 << 8;

  public SdVaeConfig {
    widths = List.copyOf(widths);
    require(!widths.isEmpty() && widths.size() <= MOST_LEVELS, "1 to " + MOST_LEVELS + " widths");
    size("layers", layers, MOST_LAYERS);
    size("latentChannels", latentChannels, LARGEST);
    size("groups", groups, LARGEST);
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
      throw new IllegalArgumentException("[sdvae] the configuration wants " + wish);
    }
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public int spaceFactor() {
    return 1 << (widths.size() - 1);
  }

  /** Frames are encoded one by one. */
  @Override
  public int timeFactor() {
    return 1;
  }

  @Override
  public int framesPerChunk() {
    return 1;
  }

  @Override
  public SdVaeConfig withLatentChannels(int channels) {
    return new SdVaeConfig(widths, layers, channels, groups);
  }

  @Override
  public LatentStatistics published() {
    return new LatentStatistics(0f, SCALE);
  }

  @Override
  public SdVae network() {
    return new SdVae(this);
  }

  int deepest() {
    return widths.getLast();
  }
}
