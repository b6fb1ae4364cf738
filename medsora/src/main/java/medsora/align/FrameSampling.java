package medsora.align;

import static engine.op.layout.Layout.expand;
import static engine.op.layout.Layout.reshape;
import static engine.op.linalg.Linalg.matmul;
import static engine.op.reduce.Reduce.mean;

import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import nn.Module;
import nn.Parameter;

/**
 * The 1x1 convolution "16 -> 4" of Table 1, from flow frames to latent frames: y[j] = sum_i w[j,i]
 * x[i]. Fixed weights are means and need no parameters; learned ones are one matrix for all layers,
 * {@code weight} [latent frames, flow frames], without bias, which a correlation would not notice.
 */
public final class FrameSampling extends Module {
  private final int flowFrames;
  private final int latentFrames;
  private final Weights weights;

  /** What flow frames count in a latent frame. */
  private sealed interface Weights {
    /** All alike, in every latent frame. */
    record Mean() implements Weights {}

    /** Each latent frame has its own share of them, alike. */
    record Groups() implements Weights {}

    /**
     * @param matrix [latent frames, flow frames]
     */
    record Learned(Parameter matrix) implements Weights {}
  }

  FrameSampling(AlignmentConfig.Sampling kind, int flowFrames, int latentFrames) {
    if (latentFrames < 1 || flowFrames % latentFrames != 0) {
      throw new IllegalArgumentException(
          "[align] %d flow frames cannot be shared by %d latent frames"
              .formatted(flowFrames, latentFrames));
    }
    this.flowFrames = flowFrames;
    this.latentFrames = latentFrames;
    this.weights =
        switch (kind) {
          case MEAN -> new Weights.Mean();
          case GROUPS -> new Weights.Groups();
          case LEARNED -> new Weights.Learned(groups());
        };
  }

  private Parameter groups() {
    int share = flowFrames / latentFrames;
    return parameter(
        "weight",
        Shape.of(latentFrames, flowFrames),
        (data, shape, key) -> {
          for (int i = 0; i < data.length; i++) {
            boolean own = i % flowFrames / share == i / flowFrames;
            data[i] = own ? 1f / share : 0f;
          }
        });
  }

  /**
   * What of the frames can be computed once for all of training.
   *
   * @param x [n, flow frames, l, D]
   * @return [n, k, l, D]: k is the latent frames, or 1 where all are alike, or the flow frames
   *     where the weights are learned
   */
  Tensor fixed(Tensor x) {
    Shape s = x.shape();
    ShapeException.require(
        s.rank() == 4 && s.dim(1) == flowFrames,
        "align",
        "wants features of %d flow frames, got %s",
        flowFrames,
        s);
    return switch (weights) {
      case Weights.Learned learned -> x;
      case Weights.Mean mean -> reshape(mean(x, 1, 2), s.dim(0), 1, s.dim(2), s.dim(3));
      case Weights.Groups groups -> {
        int share = flowFrames / latentFrames;
        Tensor parts = reshape(x, s.dim(0), latentFrames, share, s.dim(2), s.dim(3));
        yield mean(parts, 2, 3);
      }
    };
  }

  /** The rest: what {@link #fixed} gave as [n, latent frames, l, D]. */
  Tensor learned(Tensor x) {
    Shape s = x.shape();
    return switch (weights) {
      case Weights.Groups groups -> x;
      case Weights.Mean mean -> expand(x, 1, latentFrames);
      case Weights.Learned(Parameter matrix) -> {
        Tensor rows = reshape(x, s.dim(0), flowFrames, s.dim(2) * s.dim(3));
        Tensor y = matmul(matrix.value(), rows);
        yield reshape(y, s.dim(0), latentFrames, s.dim(2), s.dim(3));
      }
    };
  }
}
