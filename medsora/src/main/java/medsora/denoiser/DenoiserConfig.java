package medsora.denoiser;

import medsora.diffusion.NetworkConfig;
import medsora.diffusion.NoisePredictor;
import nn.Demand;

/**
 * The sizes and the switches of the denoiser.
 *
 * @param inChannels channels of a latent frame (16)
 * @param inputSize height and width of a latent frame (16)
 * @param patch side of a patch (2), so that a frame has (inputSize / patch)^2 tokens
 * @param hidden width D of a token (512)
 * @param depth number of blocks (S 6, B 12, L 24)
 * @param frames latent frames of one sample, images included (6)
 * @param videoFrames how many of them are the video (4); the rest are images
 * @param stateSize N of the state-space model (128)
 * @param headDim P, channels of one head of the state-space model (64)
 * @param expand inner width of a Mamba layer as a multiple of D (2)
 * @param convWidth taps of its causal convolution (4)
 * @param chunk chunk length of its scan (256)
 * @param window w of the local attention (8)
 * @param switches where the paper and the released code differ
 */
public record DenoiserConfig(
    int inChannels,
    int inputSize,
    int patch,
    int hidden,
    int depth,
    int frames,
    int videoFrames,
    int stateSize,
    int headDim,
    int expand,
    int convWidth,
    int chunk,
    int window,
    Switches switches)
    implements NetworkConfig {
  /** The network of the paper. */
  public static final String KIND = "medsora";

  private static final Demand DEMAND = new Demand("[denoiser] the configuration");

  /**
   * The differences between the paper and the released code that concern the network.
   *
   * @param heads attention heads (paper: 8, released: 1)
   * @param attentionOutput whether heads are joined by W_o as in Eq. 7 (released: no)
   * @param rotary rotary embedding and whole look-around windows of the released code; else the
   *     plain band |i-j| <= w/2 of Eq. 6
   * @param attentionDropout on the attention weights in training (released: 0.1)
   * @param trueSpiral tokens are scanned along the spiral and back (Eq. 8); else the released
   *     code's gather by spiral rank, its complement, and eight variants that cycle with depth
   * @param learnedVariance the output has twice the channels, the second half for the variance
   */
  public record Switches(
      int heads,
      boolean attentionOutput,
      boolean rotary,
      float attentionDropout,
      boolean trueSpiral,
      boolean learnedVariance) {}

  /** No size of a network comes near; what is larger is a mistake, or a file that means harm. */
  private static final int LARGEST = 1 << 16;

  private static final int LARGEST_GRID = 1 << 10;

  public DenoiserConfig {
    DEMAND.size("inChannels", inChannels, LARGEST);
    DEMAND.size("inputSize", inputSize, LARGEST_GRID);
    DEMAND.size("hidden", hidden, LARGEST);
    DEMAND.size("depth", depth, LARGEST_GRID);
    DEMAND.size("frames", frames, LARGEST_GRID);
    DEMAND.size("stateSize", stateSize, LARGEST);
    DEMAND.size("headDim", headDim, LARGEST);
    DEMAND.size("expand", expand, LARGEST_GRID);
    DEMAND.size("convWidth", convWidth, LARGEST);
    DEMAND.size("chunk", chunk, LARGEST);
    DEMAND.that(window >= 0 && window <= LARGEST, "window be 0 to " + LARGEST + ", got " + window);
    DEMAND.that(window > 0 || !switches.rotary(), "window be positive where rotary is true");
    DEMAND.size("switches.heads", switches.heads(), LARGEST);
    DEMAND.that(
        switches.attentionDropout() >= 0 && switches.attentionDropout() < 1,
        "switches.attentionDropout be in [0, 1), got " + switches.attentionDropout());
    DEMAND.that(patch > 0 && inputSize % patch == 0, "inputSize be a multiple of patch");
    DEMAND.that(
        hidden % 4 == 0 && hidden % switches.heads() == 0, "hidden be a multiple of 4 and heads");
    DEMAND.that((hidden * expand) % headDim == 0, "hidden * expand be a multiple of headDim");
    DEMAND.that(videoFrames > 0 && videoFrames <= frames, "videoFrames be within frames");
    int tokens = (inputSize / patch) * (inputSize / patch);
    DEMAND.that(
        (long) tokens * hidden <= 1L << 26, "tokens of a frame times hidden be at most 2^26");
    DEMAND.that(
        !switches.rotary() || tokens % window == 0, "tokens per frame be a multiple of window");
  }

  /** The same with other switches. */
  public DenoiserConfig with(Switches other) {
    return with(inputSize, depth, frames, videoFrames, other);
  }

  /** The same for latents of another size and with another number of blocks. */
  public DenoiserConfig sized(int otherSize, int blocks, int allFrames, int ofVideo) {
    return with(otherSize, blocks, allFrames, ofVideo, switches);
  }

  /** The same for the video alone. */
  public DenoiserConfig withoutImages() {
    return sized(inputSize, depth, videoFrames, videoFrames);
  }

  /** The same for latents of another number of channels. */
  public DenoiserConfig withChannels(int channels) {
    return new DenoiserConfig(
        channels,
        inputSize,
        patch,
        hidden,
        depth,
        frames,
        videoFrames,
        stateSize,
        headDim,
        expand,
        convWidth,
        chunk,
        window,
        switches);
  }

  /** The same with another window of the local attention. */
  public DenoiserConfig withWindow(int other) {
    return new DenoiserConfig(
        inChannels,
        inputSize,
        patch,
        hidden,
        depth,
        frames,
        videoFrames,
        stateSize,
        headDim,
        expand,
        convWidth,
        chunk,
        other,
        switches);
  }

  private DenoiserConfig with(
      int otherSize, int blocks, int allFrames, int ofVideo, Switches other) {
    return new DenoiserConfig(
        inChannels,
        otherSize,
        patch,
        hidden,
        blocks,
        allFrames,
        ofVideo,
        stateSize,
        headDim,
        expand,
        convWidth,
        chunk,
        window,
        other);
  }

  /** Patches along one side of a frame. */
  public int grid() {
    return inputSize / patch;
  }

  /** Tokens of one frame, l in the paper. */
  public int tokens() {
    return grid() * grid();
  }

  public int outChannels() {
    return switches.learnedVariance() ? 2 * inChannels : inChannels;
  }

  @Override
  public int temporalBlocks() {
    return depth;
  }

  /** The sizes of what the network gives to an alignment. */
  public NoisePredictor.Hidden hiddenSizes() {
    return new NoisePredictor.Hidden(depth, videoFrames, tokens(), hidden);
  }

  /**
   * The same as what it is.
   *
   * @throws IllegalArgumentException if it is of another family
   */
  public static DenoiserConfig of(NetworkConfig network) {
    if (network instanceof DenoiserConfig own) {
      return own;
    }
    throw new IllegalArgumentException(
        "[denoiser] this wants the network of the paper, kind %s, got kind %s"
            .formatted(KIND, network.kind()));
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
  public Denoiser network() {
    return new Denoiser(this);
  }

  @Override
  public Denoiser network(int labels) {
    return new Denoiser(this, labels);
  }

  /** Inner width of a Mamba layer. */
  public int innerWidth() {
    return hidden * expand;
  }
}
