package medsora.metric.network;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.layout.Layout.concat;
import static engine.op.layout.Layout.expand;
import static engine.op.layout.Layout.permute;
import static engine.op.layout.Layout.reshape;
import static engine.op.layout.Layout.slice;

import engine.op.linalg.Linalg;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import nn.Module;
import nn.Parameter;
import nn.init.Init;
import nn.layer.Conv2d;
import nn.layer.Kernel2;
import nn.layer.LayerNorm;

/**
 * The visual half of CLIP (Radford et al. 2021): a vision transformer whose class token is
 * projected to where texts are too. Names are OpenAI's without {@code visual.}.
 */
public final class Clip extends Module {
  private static final double EPS = 1e-5;

  private final ClipConfig config;
  private final Parameter classToken;
  private final Parameter positions;
  private final Parameter projection;
  private final Conv2d patches;
  private final LayerNorm before;
  private final List<ClipBlock> blocks = new ArrayList<>();
  private final LayerNorm after;

  public Clip(ClipConfig config) {
    this.config = config;
    int width = config.width();
    int tokens = config.grid() * config.grid() + 1;
    this.classToken = parameter("class_embedding", Shape.of(width), Init.normal(0.02));
    this.positions = parameter("positional_embedding", Shape.of(tokens, width), Init.normal(0.02));
    this.projection = parameter("proj", Shape.of(width, config.output()), Init.fanInUniform());
    Kernel2 patch = Kernel2.of(config.patch()).stride(config.patch());
    this.patches = child("conv1", Conv2d.withoutBias(3, width, patch, 1, Init.fanInUniform()));
    this.before = child("ln_pre", new LayerNorm(width, EPS));
    for (int i = 0; i < config.depth(); i++) {
      ClipBlock block = new ClipBlock(width, config.heads(), EPS);
      blocks.add(child("transformer.resblocks." + i, block));
    }
    this.after = child("ln_post", new LayerNorm(width, EPS));
  }

  public ClipConfig config() {
    return config;
  }

  /**
   * Embeddings of pictures, not of length 1.
   *
   * @param pictures [n, 3, side, side] less the mean over the deviation of each colour
   * @param observer sees the tokens [n, tokens, width] as {@code tokens0}, normalised before the
   *     first block, and {@code tokensI} after block I, counted from 1
   * @return [n, output]
   */
  public Tensor forward(Tensor pictures, Observer observer) {
    int side = config.side();
    ShapeException.require(
        pictures.shape().rank() == 4
            && pictures.dim(1) == 3
            && pictures.dim(2) == side
            && pictures.dim(3) == side,
        "clip",
        "wants pictures [n,3,%d,%d], got %s",
        side,
        side,
        pictures.shape());
    Tensor x = before.forward(tokens(pictures));
    observer.see("tokens0", x);
    for (int i = 0; i < blocks.size(); i++) {
      x = blocks.get(i).forward(x);
      observer.see("tokens" + (i + 1), x);
    }
    Tensor first = reshape(slice(x, 1, 0, 1), x.dim(0), config.width());
    return Linalg.matmul(after.forward(first), projection.value());
  }

  /** The class token, then patches row by row, with their places added. */
  private Tensor tokens(Tensor pictures) {
    int n = pictures.dim(0);
    int width = config.width();
    Tensor cells = reshape(patches.forward(pictures), n, width, config.grid() * config.grid());
    Tensor first = expand(reshape(classToken.value(), 1, 1, width), 0, n);
    return add(concat(1, first, permute(cells, 0, 2, 1)), positions.value());
  }
}
