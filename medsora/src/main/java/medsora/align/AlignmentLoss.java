package medsora.align;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.elementwise.Elementwise.affine;
import static engine.op.elementwise.Elementwise.div;
import static engine.op.elementwise.Elementwise.mul;
import static engine.op.elementwise.Elementwise.relu;
import static engine.op.layout.Layout.reshape;
import static engine.op.layout.Layout.slice;
import static engine.op.norm.Norm.layerNorm;
import static engine.op.reduce.Reduce.mean;
import static engine.op.resample.Resample.bilinear2d;

import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import medsora.diffusion.NoisePredictor;

/**
 * Optical-flow representation alignment (paper section 3.2).
 *
 * <p>Eq. 14: r = 1 - correlation of an activation y and a target h = Sampling(features). Eq. 15: L
 * = max(mean of g(t) r over layers and channels - margin, 0), g(t) = 1 / (t + 1). Profile {@code
 * paper} takes one correlation per sample and channel over the K = f*l tokens of its video and
 * weights each sample with its own g(t). Profile {@code reference} normalises both sides over their
 * width, takes one correlation per token over its channels, and multiplies the mean over the
 * micro-batch with its mean g(t).
 *
 * <p>Only the first {@code videoFrames} latent frames take part: images have no flow. What couples
 * samples does so within a micro-batch (numeric contract N4).
 */
public final class AlignmentLoss {
  /** Of the normalisations over the width; the released code's. */
  private static final float NORM_EPS = 1e-6f;

  private final AlignmentConfig config;
  private final NoisePredictor.Hidden shape;
  private final List<LayerPair> pairs;
  private final FrameSampling sampling;

  /**
   * @param shape of the activations that are aligned
   * @param flowFrames pictures of flow that a clip has (16)
   * @param layers of the feature network
   */
  public AlignmentLoss(
      AlignmentConfig config, NoisePredictor.Hidden shape, int flowFrames, int layers) {
    this.config = config;
    this.shape = shape;
    this.pairs = LayerPair.of(config.activations(), shape.blocks(), layers);
    this.sampling = new FrameSampling(config.sampling(), flowFrames, shape.videoFrames());
    sampling.initialize(0);
  }

  /** Which block meets which layer. */
  public List<LayerPair> pairs() {
    return pairs;
  }

  /** The layers that are met, each once, ascending. */
  public List<Integer> layers() {
    return pairs.stream().map(LayerPair::layer).distinct().toList();
  }

  /** Its parameters are trained with the denoiser; it has none where the sampling is fixed. */
  public FrameSampling sampling() {
    return sampling;
  }

  /**
   * The part of Sampling(h) in Eq. 14 that does not change in training: normalised over the width
   * if so configured, bilinear (corners not aligned) to the denoiser's tokens and width, and fixed
   * means over frames.
   *
   * @param features of one layer [n, flow frames, tokens, width]
   * @return [n, k, l, D], see {@link FrameSampling}; 16 -> 4 frames gives k = 1, 4 or 16
   */
  public Tensor target(Tensor features) {
    Tensor x = config.layerNorm() ? layerNorm(features, null, null, NORM_EPS) : features;
    return sampling.fixed(bilinear2d(x, shape.tokens(), shape.width(), false));
  }

  /**
   * What a forward pass is charged.
   *
   * @param loss Eq. 15, a scalar, not yet times alpha
   * @param weighted the same before the margin
   * @param distances r of each pair, averaged over all but the batch [b]
   */
  public record Terms(Tensor loss, Tensor weighted, List<Tensor> distances) {}

  /**
   * The loss of a forward pass.
   *
   * @param targets {@link #target} of each of {@link #layers()}, [b, k, l, D]
   * @param t each sample's diffusion step
   */
  public Terms of(NoisePredictor.Output output, List<Tensor> targets, int[] t) {
    return of(output.hidden(config.activations().hidden()), t, targets);
  }

  /** The same of the state [b, f*l, D] that each block gives, images after the video. */
  Terms of(List<Tensor> activations, int[] t, List<Tensor> targets) {
    List<Integer> layers = layers();
    ShapeException.require(
        targets.size() == layers.size() && activations.size() == shape.blocks(),
        "align",
        "wants %d activations and targets of %d layers, got %d and %d",
        shape.blocks(),
        layers.size(),
        activations.size(),
        targets.size());
    List<Tensor> distances = new ArrayList<>();
    for (LayerPair pair : pairs) {
      Tensor target = targets.get(layers.indexOf(pair.layer()));
      distances.add(perSample(distance(activations.get(pair.block()), target), t.length));
    }
    Tensor weighted = weighted(averaged(distances), t);
    Tensor loss = relu(affine(weighted, 1f, (float) -config.margin()));
    return new Terms(loss, weighted, List.copyOf(distances));
  }

  /**
   * Eq. 14 for one layer.
   *
   * @param activation [b, f*l, D]
   * @param target {@link #target} of its layer
   * @return r: [b, 1, D] over tokens, [b*f*l, 1, 1] over channels
   */
  public Tensor distance(Tensor activation, Tensor target) {
    Tensor h = sampling.learned(target);
    int tokens = shape.videoFrames() * shape.tokens();
    int b = activation.dim(0);
    Shape wanted = Shape.of(b, shape.videoFrames(), shape.tokens(), shape.width());
    ShapeException.require(
        activation.dim(1) >= tokens && h.shape().equals(wanted),
        "align",
        "wants a target %s for the activation %s, got %s",
        wanted,
        activation.shape(),
        h.shape());
    Tensor y = slice(activation, 1, 0, tokens);
    Tensor own = config.layerNorm() ? layerNorm(y, null, null, NORM_EPS) : y;
    boolean overTokens = config.correlation() == AlignmentConfig.Correlation.TOKENS;
    int outer = overTokens ? b : b * tokens;
    int over = overTokens ? tokens : shape.width();
    Tensor r = Pearson.of(reshape(own, outer, over, -1), reshape(h, outer, over, -1));
    return affine(r, -1f, 1f);
  }

  private static Tensor perSample(Tensor r, int samples) {
    return mean(reshape(r, samples, -1), 1, 2);
  }

  private static Tensor averaged(List<Tensor> parts) {
    Tensor total = parts.get(0);
    for (Tensor part : parts.subList(1, parts.size())) {
      total = add(total, part);
    }
    return div(total, Tensor.scalar(parts.size()));
  }

  /** The distances [b] with g(t), as a scalar. */
  private Tensor weighted(Tensor distances, int[] t) {
    float[] g = new float[t.length];
    for (int i = 0; i < g.length; i++) {
      g[i] = (float) (1.0 / (t[i] + 1.0));
    }
    Tensor weights = Tensor.of(Shape.of(g.length), g);
    return switch (config.weighting()) {
      case INSIDE -> mean(mul(distances, weights));
      case OUTSIDE -> mul(mean(distances), mean(weights));
    };
  }
}
