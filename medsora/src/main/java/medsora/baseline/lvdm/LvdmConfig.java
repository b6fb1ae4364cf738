package medsora.baseline.lvdm;

import java.util.List;
import medsora.diffusion.NetworkConfig;
import medsora.diffusion.NoisePredictor;
import nn.Demand;

/**
 * The sizes of LVDM's denoiser.
 *
 * @param inChannels channels of a latent frame (4)
 * @param inputSize height and width of a latent frame (16 as trained, 32 as the released sampling
 *     has it)
 * @param frames latent frames of a sample (4)
 * @param width channels of the first level, a multiple of 32 (256)
 * @param multipliers channels of each level as multiples of {@code width}; each level but the last
 *     halves height and width (1, 2, 3, 4)
 * @param blocks residual blocks of a level on the way down; one more on the way up (3)
 * @param attention by how much a level is smaller than the latents where attention follows each of
 *     its blocks (2, 4, 8)
 * @param heads of the attention (4)
 */
public record LvdmConfig(
    int inChannels,
    int inputSize,
    int frames,
    int width,
    List<Integer> multipliers,
    int blocks,
    List<Integer> attention,
    int heads)
    implements NetworkConfig {
  /** The family's name. */
  public static final String KIND = "lvdm";

  private static final Demand DEMAND = new Demand("[lvdm] the configuration");

  /** The denoiser of the short unconditional model at the size of its training, 128x128 pixels. */
  public static final LvdmConfig SHORT =
      new LvdmConfig(4, 16, 4, 256, List.of(1, 2, 3, 4), 3, List.of(2, 4, 8), 4);

  private static final int LARGEST = 1 << 12;

  public LvdmConfig {
    multipliers = List.copyOf(multipliers);
    attention = List.copyOf(attention);
    DEMAND.size("inChannels", inChannels, LARGEST);
    DEMAND.size("inputSize", inputSize, LARGEST);
    DEMAND.size("frames", frames, LARGEST);
    DEMAND.size("width", width, LARGEST);
    DEMAND.size("blocks", blocks, LARGEST);
    DEMAND.size("heads", heads, LARGEST);
    int levels = multipliers.size();
    DEMAND.that(levels > 0 && levels <= 10, "multipliers be 1 to 10 numbers, got " + multipliers);
    multipliers.forEach(m -> DEMAND.size("multipliers", m, LARGEST));
    DEMAND.that(width % LvdmLayers.GROUPS == 0, "width be a multiple of 32, got " + width);
    DEMAND.that(width % heads == 0, "width be a multiple of heads");
    DEMAND.that(
        inputSize % (1 << (levels - 1)) == 0,
        "inputSize be halved by each of %d levels but the last, got %d"
            .formatted(levels, inputSize));
    DEMAND.that(frames <= 1 << 10 && inputSize <= 1 << 10, "frames and inputSize be at most 1024");
  }

  /** The same for latents of another height and width, for which its weights fit as well. */
  public LvdmConfig sized(int otherSize) {
    return new LvdmConfig(
        inChannels, otherSize, frames, width, multipliers, blocks, attention, heads);
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public NoisePredictor.Latents latents() {
    return new NoisePredictor.Latents(frames, frames, inChannels, inputSize, inputSize);
  }

  @Override
  public LvdmDenoiser network() {
    return new LvdmDenoiser(this);
  }
}
