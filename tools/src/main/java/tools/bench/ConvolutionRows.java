package tools.bench;

import engine.kernel.Conv3dArgs;
import engine.kernel.Padding3;
import engine.kernel.Stride3;
import java.util.ArrayList;
import java.util.List;
import medsora.denoiser.DenoiserConfig;
import medsora.vae.VaeConfig;

/**
 * Convolutions of the autoencoder (CogVideoX's widths) on chunks of 8 frames of 128x128, and the
 * patch embedding of the denoiser. Named {@code conv3d-CIxTxHxW} or {@code conv2d-CIxTxHxW}, with
 * {@code -CO} where the channels change; T of a causal convolution holds the two frames before.
 */
final class ConvolutionRows {
  private static final int CAUSAL = 2;
  private static final Padding3 SPACE = Padding3.both(0, 1, 1);
  private static final Padding3 DOWN = new Padding3(0, 0, 0, 1, 0, 1);

  private final List<Row> rows = new ArrayList<>();

  static List<Row> all() {
    ConvolutionRows made = new ConvolutionRows();
    // One layer that other implementations were timed on too.
    Conv3dArgs known = Convolution.volume(128, 128, 18, 66, 3, Padding3.NONE);
    made.rows.add(made.row("conv3d", known, Pass.FORWARD).inQuick());
    made.add("conv3d", known, Pass.GRAD_INPUT, Pass.GRAD_WEIGHT);
    made.addLevels(VaeConfig.of(Models.config().vae()));
    made.addSamplers();
    made.addPatches(Models.denoiserConfig(12));
    return made.rows;
  }

  /** The convolutions of the residual blocks, on the way down and on the way up. */
  private void addLevels(VaeConfig config) {
    List<Integer> widths = config.widths();
    int side = Models.SIZE;
    int frames = VaeConfig.FRAMES_PER_CHUNK;
    int before = widths.get(0);
    for (int width : widths) {
      addWidening(before, width, frames, side);
      add(
          "conv3d",
          causal(width, width, frames, side),
          Pass.FORWARD,
          Pass.GRAD_INPUT,
          Pass.GRAD_WEIGHT);
      before = width;
      side /= 2;
      frames = Math.max(VaeConfig.LATENTS_PER_CHUNK, frames / 2);
    }
    side = side(config);
    frames = VaeConfig.LATENTS_PER_CHUNK;
    for (int width : widths.reversed()) {
      addWidening(before, width, frames, side);
      addNew("conv3d", causal(width, width, frames, side));
      before = width;
      side *= 2;
      frames = Math.min(VaeConfig.FRAMES_PER_CHUNK, frames * 2);
    }
    addEnds(widths.getFirst());
  }

  private static int side(VaeConfig config) {
    return Models.SIZE / config.spaceFactor();
  }

  /** The first block of a level where the width changes. */
  private void addWidening(int from, int to, int frames, int side) {
    if (from != to) {
      addNew("conv3d", causal(from, to, frames, side));
    }
  }

  /** The first and the last convolution, and a shortcut between widths. */
  private void addEnds(int finest) {
    add("conv3d", causal(3, finest, VaeConfig.FRAMES_PER_CHUNK, Models.SIZE), Pass.FORWARD);
    add("conv3d", causal(finest, 3, VaeConfig.FRAMES_PER_CHUNK, Models.SIZE), Pass.FORWARD);
    Conv3dArgs shortcut = Convolution.volume(256, 128, 8, Models.SIZE, 1, Padding3.NONE);
    add("conv1x1", shortcut, Pass.FORWARD, Pass.GRAD_INPUT);
  }

  private static Conv3dArgs causal(int in, int out, int frames, int side) {
    return Convolution.volume(in, out, frames + CAUSAL, side, 3, SPACE);
  }

  /** Down-samplers (stride 2), up-samplers, and the pair of the compensation, frame by frame. */
  private void addSamplers() {
    Stride3 half = new Stride3(1, 2, 2);
    add("down2d", Convolution.frames(128, 128, 4, 128, 3, half, DOWN), Pass.FORWARD);
    add("down2d", Convolution.frames(256, 256, 2, 64, 3, half, DOWN), Pass.FORWARD);
    add("conv2d", Convolution.frames(512, 512, 4, 32, 3, Stride3.ONE, SPACE), Pass.FORWARD);
    add("conv2d", Convolution.frames(256, 256, 8, 64, 3, Stride3.ONE, SPACE), Pass.FORWARD);
    add("conv2d", Convolution.frames(256, 256, 8, 128, 3, Stride3.ONE, SPACE), Pass.FORWARD);
    add(
        "conv2d",
        Convolution.frames(128, 128, 8, 128, 3, Stride3.ONE, SPACE),
        Pass.FORWARD,
        Pass.GRAD_INPUT,
        Pass.GRAD_WEIGHT);
  }

  private void addPatches(DenoiserConfig c) {
    int p = c.patch();
    Conv3dArgs patches =
        new Conv3dArgs(
            c.frames(),
            c.inChannels(),
            1,
            c.inputSize(),
            c.inputSize(),
            c.hidden(),
            1,
            p,
            p,
            new Stride3(1, p, p),
            Padding3.NONE,
            1);
    rows.add(
        Row.of("conv2d-patches", Row.Family.CONVOLUTION, new Convolution(Pass.FORWARD, patches)));
  }

  private void add(String kind, Conv3dArgs args, Pass... passes) {
    for (Pass pass : passes) {
      rows.add(row(kind, args, pass));
    }
  }

  /** A forward row, unless a layer of the same shape has one. */
  private void addNew(String kind, Conv3dArgs args) {
    Row made = row(kind, args, Pass.FORWARD);
    if (!rows.contains(made)) {
      rows.add(made);
    }
  }

  private Row row(String kind, Conv3dArgs a, Pass pass) {
    String to = a.co() == a.ci() ? "" : "-" + a.co();
    String name =
        "%s-%dx%dx%dx%d%s%s".formatted(kind, a.ci(), a.t(), a.h(), a.w(), to, pass.suffix());
    return Row.of(name, Row.Family.CONVOLUTION, new Convolution(pass, a));
  }
}
