package medsora.metric.network;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.layout.Layout.permute;
import static engine.op.layout.Layout.reshape;
import static engine.op.reduce.Reduce.mean;

import engine.kernel.Stride3;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import nn.Module;
import nn.layer.Conv3d;
import nn.layer.Kernel3;
import nn.layer.LayerNorm;

/**
 * The transformer of VideoMAE-v2 (Wang et al. 2023) without its classifier, under its published
 * names: patches of two frames with their places added, blocks, the mean of all tokens, a norm.
 * There is no class token; the table of places is computed and not in the state dict.
 */
public final class VideoMae extends Module {
  static final double EPS = 1e-6;

  private static final double PERIOD = 10_000;

  private final VideoMaeConfig config;
  private final Conv3d patches;
  private final List<VideoMaeBlock> blocks = new ArrayList<>();
  private final LayerNorm norm;

  public VideoMae(VideoMaeConfig config) {
    this.config = config;
    int side = VideoMaeConfig.PATCH;
    int deep = VideoMaeConfig.TUBELET;
    Kernel3 patch = Kernel3.of(deep, side, side).stride(new Stride3(deep, side, side));
    this.patches = child("patch_embed.proj", Conv3d.standard(3, config.width(), patch));
    for (int i = 0; i < config.depth(); i++) {
      blocks.add(child("blocks." + i, new VideoMaeBlock(config)));
    }
    this.norm = child("fc_norm", new LayerNorm(config.width(), EPS));
  }

  public VideoMaeConfig config() {
    return config;
  }

  /**
   * The features.
   *
   * @param clips [n, 3, 16, height, width of the frames] in 0..1
   * @param observer sees {@code patch}, the tokens [n, tokens, width] without their places, and
   *     {@code blockI} after block I, counted from 0
   * @return [n, width]
   */
  public Tensor forward(Tensor clips, Observer observer) {
    Tensor cells = patches(clips);
    observer.see("patch", cells);
    Tensor x = add(cells, positions());
    for (int i = 0; i < blocks.size(); i++) {
      x = blocks.get(i).forward(x);
      observer.see("block" + i, x);
    }
    return pooled(x);
  }

  /** Patches in the order of (time, row, column), with their places: [n, tokens, width]. */
  Tensor tokens(Tensor clips) {
    return add(patches(clips), positions());
  }

  private Tensor patches(Tensor clips) {
    Shape s = clips.shape();
    ShapeException.require(
        s.rank() == 5
            && s.equals(
                Shape.of(s.dim(0), 3, VideoMaeConfig.FRAMES, config.height(), config.wide())),
        "videomae",
        "wants clips [n,3,16,%d,%d], got %s",
        config.height(),
        config.wide(),
        s);
    Tensor grid = patches.forward(clips);
    return permute(reshape(grid, s.dim(0), config.width(), config.tokens()), 0, 2, 1);
  }

  /** The norm of the mean of all tokens [n, tokens, width]: [n, width]. */
  Tensor pooled(Tensor tokens) {
    return norm.forward(mean(tokens, 1, 2));
  }

  /**
   * The table of places [tokens, width]: sin(p / 10000^(2 floor(j/2) / width)) in even columns j of
   * token p, cos in odd ones, in double and rounded once.
   */
  public Tensor positions() {
    int width = config.width();
    double[] frequency = new double[width];
    for (int j = 0; j < width; j++) {
      frequency[j] = StrictMath.pow(PERIOD, 2.0 * (j / 2) / width);
    }
    return Tensor.generate(
        Shape.of(config.tokens(), width),
        i -> {
          double angle = i / width / frequency[i % width];
          return i % width % 2 == 0 ? StrictMath.sin(angle) : StrictMath.cos(angle);
        });
  }
}
