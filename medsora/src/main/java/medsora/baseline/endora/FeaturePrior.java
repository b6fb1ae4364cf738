package medsora.baseline.endora;

import static engine.op.elementwise.Elementwise.affine;
import static engine.op.layout.Layout.concat;
import static engine.op.layout.Layout.permute;
import static engine.op.layout.Layout.reshape;
import static engine.op.reduce.Reduce.mean;

import engine.op.conv.Conv;
import engine.op.conv.Dilation2;
import engine.op.conv.Padding2;
import engine.op.conv.Stride2;
import engine.op.norm.Norm;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import medsora.align.Pearson;
import nn.layer.Conv2d;

/**
 * Endora's prior: for each frame one map of numbers, the mean over the channels of what a spatial
 * block gives, shall run as the same map of DINO's features. These go through a 2x2 convolution of
 * stride 2 first, which is trained by this loss. Of both maps, normalised over the l tokens: prr =
 * mean over frames and pairs of 1 - r, r Pearson's correlation over the tokens.
 *
 * <p>Only the mean of the convolution's channels counts. It is computed as the convolution by the
 * mean of the kernels, which is the same number, for 1/1152 of the products.
 */
public final class FeaturePrior {
  private static final float EPS = 1e-6f;
  private static final Stride2 TWO = Stride2.of(2);

  /** The convolution, wherever it stands. */
  private final Conv2d target;

  /**
   * @param target C -> D channels, kernel and stride 2, without bias
   */
  public FeaturePrior(Conv2d target) {
    this.target = target;
  }

  /**
   * The term.
   *
   * @param maps the two sides, [rows, l] each
   * @param correlations r of every row, [rows]
   * @param loss prr, []
   */
  public record Terms(Sides maps, Tensor correlations, Tensor loss) {}

  /**
   * Maps of both sides, [rows, l] each.
   *
   * @param target of DINO's features
   * @param block of the network's
   */
  public record Sides(Tensor target, Tensor block) {}

  /** Normalised over the tokens. */
  public static Sides normalised(Sides maps) {
    return new Sides(normalised(maps.target()), normalised(maps.block()));
  }

  private static Tensor normalised(Tensor map) {
    return Norm.layerNorm(map, null, null, EPS);
  }

  /**
   * The prior of some pairs.
   *
   * @param targets for each pair and each group of frames (video, images) DINO's features [n, 4 l,
   *     C]: of all pairs in turn for the first group, then for the second
   * @param blocks for each pair what its spatial block gives, [b, F*l, D]
   * @param frames F
   */
  public Terms of(List<Tensor> targets, List<Tensor> blocks, int frames) {
    int groups = targets.size() / blocks.size();
    ShapeException.require(
        groups > 0 && targets.size() == groups * blocks.size(),
        "prior",
        "wants features of %d pairs, got %d",
        blocks.size(),
        targets.size());
    List<Tensor> wanted = new ArrayList<>();
    List<Tensor> own = new ArrayList<>();
    for (int pair = 0; pair < blocks.size(); pair++) {
      for (int group = 0; group < groups; group++) {
        wanted.add(targetMap(targets.get((group * blocks.size()) + pair)));
      }
      own.add(blockMap(blocks.get(pair), frames));
    }
    return of(new Sides(concat(0, wanted), concat(0, own)));
  }

  private static Terms of(Sides maps) {
    ShapeException.require(
        maps.target().shape().equals(maps.block().shape()),
        "prior",
        "wants one map of features for each frame, as large as its tokens: target=%s block=%s",
        maps.target().shape(),
        maps.block().shape());
    Sides n = normalised(maps);
    int rows = n.block().dim(0);
    int tokens = n.block().dim(1);
    Tensor r =
        Pearson.of(reshape(n.block(), rows, tokens, 1), reshape(n.target(), rows, tokens, 1));
    return new Terms(maps, reshape(r, rows), mean(affine(r, -1f, 1f)));
  }

  /**
   * Features [n, 4 l, C], row by row of a square -> the mean of the convolution's channels, [n, l].
   */
  private Tensor targetMap(Tensor features) {
    Shape s = features.shape();
    Tensor weight = target.weight();
    int channels = weight.dim(1);
    int side = s.rank() == 3 ? (int) Math.round(Math.sqrt(s.dim(1))) : 0;
    ShapeException.require(
        s.rank() == 3 && side * side == s.dim(1) && side % 2 == 0 && s.dim(2) == channels,
        "prior",
        "wants features [n,l,%d] of a square of even side, got %s",
        channels,
        s);
    Tensor kernel = reshape(mean(weight, 0, 1), 1, channels, 2, 2);
    Tensor grid = reshape(permute(features, 0, 2, 1), s.dim(0), channels, side, side);
    Tensor map = Conv.conv2d(grid, kernel, null, TWO, Padding2.NONE, Dilation2.ONE, 1);
    return reshape(map, s.dim(0), s.dim(1) / 4);
  }

  /** A state [b, F*l, D] -> the mean of its channels, [b F, l]. */
  private static Tensor blockMap(Tensor state, int frames) {
    int rows = state.dim(0) * frames;
    return reshape(mean(state, 2, 3), rows, state.dim(1) / frames);
  }
}
