package medsora.align;

import static engine.op.elementwise.Elementwise.affine;
import static engine.op.elementwise.Elementwise.div;
import static engine.op.elementwise.Elementwise.sub;
import static engine.op.layout.Layout.permute;
import static engine.op.layout.Layout.reshape;
import static engine.op.layout.Layout.slice;

import engine.autodiff.Tape;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import medsora.flow.FlowColours;
import medsora.flow.FlowEstimator;

/**
 * From the frames of a clip to what its alignment is measured against (paper section 3.2): flow
 * between neighbouring frames (Eq. 12), its pictures (Eq. 13), their features, and of these the
 * part of Eq. 14's Sampling that does not change in training.
 */
public final class AlignmentTargets {
  /** Mean and deviation of ImageNet's pixels in 0..1; red, green, blue. */
  private static final float[] MEAN = {0.485f, 0.456f, 0.406f};

  private static final float[] DEVIATION = {0.229f, 0.224f, 0.225f};
  private static final float HALF_RANGE = 127.5f;

  private final AlignmentConfig config;
  private final FrozenNetworks networks;
  private final AlignmentLoss loss;

  /**
   * @param loss whose targets are wanted
   */
  public AlignmentTargets(AlignmentConfig config, FrozenNetworks networks, AlignmentLoss loss) {
    this.config = config;
    this.networks = networks;
    this.loss = loss;
  }

  /**
   * Pictures (Eq. 13) of the flow (Eq. 12) from each frame to the next.
   *
   * @param frames [3, n + 1, size, size] in [-1, 1], row-major
   * @return [n, 3, size, size], whole numbers in 0..255, which no tape owns
   */
  public Tensor pictures(float[] frames, int size) {
    return pictures(frames, size, config, networks.estimator(), networks.colours());
  }

  /**
   * The same with any estimator and coding of colours.
   *
   * @param frames [3, n + 1, size, size] in [-1, 1], row-major
   * @return [n, 3, size, size], whole numbers in 0..255, which no tape owns
   */
  public static Tensor pictures(
      float[] frames,
      int size,
      AlignmentConfig config,
      FlowEstimator estimator,
      FlowColours colours) {
    int count = frames.length / (3 * size * size);
    try (Tape scope = Tape.noGrad()) {
      Tensor x = permute(Tensor.of(Shape.of(3, count, size, size), frames), 1, 0, 2, 3);
      boolean bytes = config.frames() == AlignmentConfig.Frames.BYTES;
      Tensor seen = bytes ? affine(x, HALF_RANGE, HALF_RANGE) : x;
      Tensor flow = estimator.flow(slice(seen, 0, 0, count - 1), slice(seen, 0, 1, count));
      return copy(colours.pictures(flow));
    }
  }

  /**
   * Targets of the loss.
   *
   * @param pictures what {@link #pictures} gave
   * @return for each of {@link AlignmentLoss#layers()} [1, k, l, D], which no tape owns
   */
  public List<Tensor> of(Tensor pictures) {
    try (Tape scope = Tape.noGrad()) {
      List<Tensor> features = networks.extractor().features(seen(pictures, config));
      ShapeException.require(
          features.size() == networks.layers(),
          "align",
          "the extractor gave %d layers, wanted are %d",
          features.size(),
          networks.layers());
      List<Tensor> targets = new ArrayList<>();
      for (int layer : loss.layers()) {
        Tensor f = features.get(layer);
        targets.add(copy(loss.target(reshape(f, 1, f.dim(0), f.dim(1), f.dim(2)))));
      }
      return targets;
    }
  }

  /** Pictures [N, 3, H, W] in 0..255 as the feature network sees them. */
  public static Tensor seen(Tensor pictures, AlignmentConfig config) {
    return config.pictures() == AlignmentConfig.Pictures.RAW ? pictures : normalised(pictures);
  }

  /** (x / 255 - mean) / deviation for each colour. */
  private static Tensor normalised(Tensor pictures) {
    Shape colours = Shape.of(3, 1, 1);
    Tensor unit = affine(pictures, 1f / 255f, 0f);
    return div(sub(unit, Tensor.of(colours, MEAN)), Tensor.of(colours, DEVIATION));
  }

  /** Outlives the scope in which it was computed. */
  private static Tensor copy(Tensor x) {
    return Tensor.of(x.shape(), x.toArray());
  }
}
