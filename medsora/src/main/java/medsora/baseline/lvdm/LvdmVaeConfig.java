package medsora.baseline.lvdm;

import engine.kernel.Stride3;
import java.util.ArrayList;
import java.util.List;
import medsora.vae.AutoencoderConfig;
import medsora.vae.LatentStatistics;
import nn.Demand;

/**
 * The sizes of LVDM's video autoencoder.
 *
 * @param width channels of the first convolution (32); each level doubles them
 * @param timeFactor by how much latents have fewer frames than a clip, a power of 2 (4)
 * @param spaceFactor by how much they are lower and narrower, a power of 2 and at least {@code
 *     timeFactor} (8)
 * @param latentChannels of the latents (4)
 */
public record LvdmVaeConfig(int width, int timeFactor, int spaceFactor, int latentChannels)
    implements AutoencoderConfig {
  /** The family's name. */
  public static final String KIND = "lvdm";

  private static final Demand DEMAND = new Demand("[lvdm] the autoencoder");

  /** The released one: 4 x 8 x 8. */
  public static final LvdmVaeConfig RELEASED = new LvdmVaeConfig(32, 4, 8, 4);

  /**
   * z becomes (z + 1.4606637) * 0.33422927: measured on a data set of skies and used for the
   * endoscopies too.
   */
  private static final LatentStatistics PUBLISHED = new LatentStatistics(-1.4606637f, 0.33422927f);

  private static final int LARGEST = 1 << 10;

  public LvdmVaeConfig {
    DEMAND.that(width > 0 && width % 16 == 0 && width <= LARGEST, "width be a multiple of 16");
    DEMAND.that(power(timeFactor) && power(spaceFactor), "factors be powers of 2 up to 64");
    DEMAND.that(
        spaceFactor > 1 && timeFactor <= spaceFactor, "space shrink, and not less than time");
    DEMAND.that(latentChannels > 0 && latentChannels <= LARGEST, "latentChannels be 1 to 1024");
  }

  private static boolean power(int n) {
    return n > 0 && n <= 64 && Integer.bitCount(n) == 1;
  }

  @Override
  public String kind() {
    return KIND;
  }

  /** Clips are encoded whole, of any number of latent frames. */
  @Override
  public int framesPerChunk() {
    return timeFactor;
  }

  @Override
  public LvdmVaeConfig withLatentChannels(int channels) {
    return new LvdmVaeConfig(width, timeFactor, spaceFactor, channels);
  }

  @Override
  public LatentStatistics published() {
    return PUBLISHED;
  }

  @Override
  public LvdmVae network() {
    return new LvdmVae(this);
  }

  /** How each level shrinks (and, in the decoder, grows): time in the first ones alone. */
  List<Stride3> strides() {
    int inTime = Integer.numberOfTrailingZeros(timeFactor);
    int levels = Integer.numberOfTrailingZeros(spaceFactor);
    List<Stride3> strides = new ArrayList<>();
    for (int i = 0; i < levels; i++) {
      strides.add(new Stride3(i < inTime ? 2 : 1, 2, 2));
    }
    return strides;
  }
}
