package tools.conform;

import engine.tensor.Shape;
import java.util.Map;
import medsora.config.Config;
import medsora.denoiser.DenoiserConfig;

/**
 * The sizes of a Mamba layer as the shapes of its parameters tell them.
 *
 * @param inner width inside the layer
 * @param state N of the state-space model
 * @param headDim channels of one head
 * @param taps of the causal convolution
 */
record MambaSizes(int hidden, int inner, int state, int headDim, int taps) {
  /** One block as released. */
  static final DenoiserConfig RELEASED =
      DenoiserConfig.of(
          Config.builtin("medsora-s", Map.of("profile", "reference", "denoiser.depth", "1"))
              .denoiser());

  /**
   * @param prefix what the names of the layer's parameters begin with
   */
  static MambaSizes of(FixtureFile file, String prefix) {
    int hidden = file.shape(prefix + "in_proj.weight", 2).dim(1);
    int inner = file.shape(prefix + "norm.weight", 1).dim(0);
    int heads = file.shape(prefix + "dt_bias", 1).dim(0);
    Shape conv = file.shape(prefix + "conv1d.weight", 3);
    int states = conv.dim(0) - inner;
    UnfitException.unless(
        hidden > 0 && heads > 0 && inner > 0 && states > 0 && states % 2 == 0,
        "%s*: no Mamba layer has hidden %d, inner %d, heads %d, conv1d %s",
        prefix,
        hidden,
        inner,
        heads,
        conv);
    UnfitException.unless(
        inner % hidden == 0 && inner % heads == 0,
        "%s*: inner width %d is no multiple of hidden %d and of %d heads",
        prefix,
        inner,
        hidden,
        heads);
    int state = states / 2;
    UnfitException.unless(
        file.number("d_state", state) == state,
        "%s*: conv1d %s has room for one group of %d states, the metadata say %s",
        prefix,
        conv,
        state,
        file.metadata("d_state").orElse(""));
    return new MambaSizes(hidden, inner, state, inner / heads, conv.dim(2));
  }

  /** Of a file that stores no parameters: metadata, else the released constants. */
  static MambaSizes ofMetadata(FixtureFile file, int hidden, int state) {
    int expand = file.number("expand", RELEASED.expand());
    int headDim = file.number("headdim", RELEASED.headDim());
    int taps = file.number("d_conv", RELEASED.convWidth());
    return new MambaSizes(hidden, Math.multiplyExact(hidden, expand), state, headDim, taps);
  }

  /** A network of such layers; the window of its attention from the metadata or as released. */
  DenoiserConfig network(
      FixtureFile file, Frames frames, int depth, DenoiserConfig.Switches switches) {
    return new DenoiserConfig(
        frames.channels(),
        Math.multiplyExact(frames.grid(), frames.patch()),
        frames.patch(),
        hidden,
        depth,
        frames.count(),
        frames.video(),
        state,
        headDim,
        inner / hidden,
        taps,
        file.number("chunk_size", RELEASED.chunk()),
        file.number("window", RELEASED.window()),
        switches);
  }

  /**
   * The frames that a network sees.
   *
   * @param count latent frames of a sample, {@code video} of them the video
   * @param grid patches along one side
   */
  record Frames(int count, int video, int channels, int grid, int patch) {
    /** For parts that see tokens only. */
    static Frames tokens(int count, int grid) {
      return new Frames(count, count, RELEASED.inChannels(), grid, RELEASED.patch());
    }
  }
}
