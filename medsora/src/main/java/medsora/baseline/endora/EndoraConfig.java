package medsora.baseline.endora;

import java.util.List;
import medsora.align.FrozenNetworks;
import medsora.align.Guidance;
import medsora.diffusion.NetworkConfig;
import medsora.diffusion.NoisePredictor;
import nn.Demand;

/**
 * The sizes of Endora. Its sizes S, B, L and XL are 12, 12, 24 and 28 blocks of width 384, 768,
 * 1024 and 1152 with 6, 12, 16 and 16 heads.
 *
 * @param inChannels channels of a latent frame (4)
 * @param inputSize height and width of a latent frame (16)
 * @param patch side of a patch (2)
 * @param hidden width D of a token
 * @param depth number of blocks, spatial and temporal ones in turn: two are a pair
 * @param heads of attention
 * @param frames latent frames of one sample, images included (24); where there are images, the
 *     network has the parameter of the prior too, as the released class for training
 * @param videoFrames how many of them are the video (16)
 * @param prior what DINO's features add to the loss
 */
public record EndoraConfig(
    int inChannels,
    int inputSize,
    int patch,
    int hidden,
    int depth,
    int heads,
    int frames,
    int videoFrames,
    Prior prior)
    implements NetworkConfig, Guidance.Own {
  public static final String KIND = "endora";

  private static final Demand DEMAND = new Demand("[endora] the configuration");

  /** Of the prior, in the released programs. */
  private static final double WEIGHT = 0.5;

  /** No size of a network comes near; what is larger is a mistake, or a file that means harm. */
  private static final int LARGEST = 1 << 16;

  private static final int LARGEST_GRID = 1 << 10;

  /**
   * The prior: pair {@code pairs[i]} meets layer {@code layers[i]} of DINO. As released these are
   * 2, 5, 8, 11 of both. Of S and B, which have 6 pairs and cannot be trained so, pairs 0, 2, 3, 5
   * meet the same layers here.
   *
   * @param weight of the prior in the loss (0.5; 0.1 where the released program is not told)
   * @param pairs whose spatial blocks are compared
   * @param layers of DINO, as many
   */
  public record Prior(double weight, List<Integer> pairs, List<Integer> layers) {
    public Prior {
      pairs = List.copyOf(pairs);
      layers = List.copyOf(layers);
      DEMAND.that(weight >= 0 && Double.isFinite(weight), "prior.weight be at least 0");
      DEMAND.that(
          !pairs.isEmpty() && pairs.size() == layers.size() && pairs.size() <= LARGEST_GRID,
          "prior.pairs and prior.layers be as many, at least 1");
      DEMAND.that(
          layers.stream().allMatch(l -> l >= 0 && l < LARGEST_GRID), "prior.layers be at least 0");
    }

    /** As released where there are enough pairs; else as proposed for 6, or with a single pair. */
    static Prior usual(int pairs) {
      List<Integer> released = List.of(2, 5, 8, 11);
      if (pairs > released.getLast()) {
        return new Prior(WEIGHT, released, released);
      }
      return pairs >= 6
          ? new Prior(WEIGHT, List.of(0, 2, 3, 5), released)
          : new Prior(WEIGHT, List.of(0), List.of(2));
    }
  }

  public EndoraConfig {
    DEMAND.size("inChannels", inChannels, LARGEST);
    DEMAND.size("inputSize", inputSize, LARGEST_GRID);
    DEMAND.size("hidden", hidden, LARGEST);
    DEMAND.size("depth", depth, LARGEST_GRID);
    DEMAND.size("heads", heads, LARGEST);
    DEMAND.size("frames", frames, LARGEST_GRID);
    DEMAND.that(patch > 0 && inputSize % patch == 0, "inputSize be a multiple of patch");
    DEMAND.that(depth % 2 == 0, "depth be even: a spatial and a temporal block are a pair");
    DEMAND.that(hidden % 4 == 0 && hidden % heads == 0, "hidden be a multiple of 4 and heads");
    DEMAND.that(videoFrames > 0 && videoFrames <= frames, "videoFrames be within frames");
    int tokens = (inputSize / patch) * (inputSize / patch);
    DEMAND.that(
        (long) tokens * hidden <= 1L << 26, "tokens of a frame times hidden be at most 2^26");
    int pairs = depth / 2;
    DEMAND.that(
        prior.pairs().stream().allMatch(p -> p >= 0 && p < pairs),
        "prior.pairs be 0 to " + (pairs - 1) + ", got " + prior.pairs());
  }

  /** The same for latents of another number of channels. */
  public EndoraConfig withChannels(int channels) {
    return new EndoraConfig(
        channels, inputSize, patch, hidden, depth, heads, frames, videoFrames, prior);
  }

  /** The same for the video alone: the released class without images. */
  public EndoraConfig withoutImages() {
    return new EndoraConfig(
        inChannels, inputSize, patch, hidden, depth, heads, videoFrames, videoFrames, prior);
  }

  /** Patches along one side of a frame. */
  public int grid() {
    return inputSize / patch;
  }

  /** Tokens of one frame, l. */
  public int tokens() {
    return grid() * grid();
  }

  /** Noise and its variance. */
  public int outChannels() {
    return 2 * inChannels;
  }

  public int pairs() {
    return depth / 2;
  }

  /** Whether images follow the video. */
  public boolean hasImages() {
    return frames > videoFrames;
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public NoisePredictor.Latents latents() {
    return new NoisePredictor.Latents(frames, videoFrames, inChannels, inputSize, inputSize);
  }

  @Override
  public Guidance guidance(NoisePredictor network, FrozenNetworks networks, int clipFrames) {
    if (network.module() instanceof Endora own) {
      return new EndoraGuidance(own, networks, clipFrames);
    }
    throw new IllegalArgumentException("[endora] the prior wants a network of kind " + KIND);
  }

  @Override
  public Endora network() {
    return new Endora(this);
  }
}
