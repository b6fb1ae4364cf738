package engine.op.norm;

import engine.autodiff.Tape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Normalisations, for static import. Numeric contract: N6. */
public final class Norm {
  private Norm() {}

  /**
   * Layer norm over the last axis of x [..., D]: (x - mean) / sqrt(var + eps) * weight + bias, with
   * the biased variance of each row. Weight and bias [D] may be null. PyTorch: layer_norm.
   */
  public static Tensor layerNorm(
      Tensor x, @Nullable Tensor weight, @Nullable Tensor bias, float eps) {
    List<Tensor> inputs = new ArrayList<>(List.of(x));
    if (weight != null) {
      inputs.add(weight);
    }
    if (bias != null) {
      inputs.add(bias);
    }
    return Tape.apply(
        new LayerNorm(eps, weight != null, bias != null), inputs.toArray(Tensor[]::new));
  }

  /**
   * Group norm of x [N, C, spatial...], weight and bias [C]: the channels of a group are normalised
   * together. PyTorch: group_norm.
   */
  public static Tensor groupNorm(Tensor x, int groups, Tensor weight, Tensor bias, float eps) {
    return Tape.apply(new GroupNorm(groups, eps), x, weight, bias);
  }

  /**
   * Batch norm of x [N, C, spatial...] by given statistics, which are constants; all vectors [C].
   * PyTorch: batch_norm in evaluation.
   */
  public static Tensor batchNorm(
      Tensor x, Tensor weight, Tensor bias, Tensor mean, Tensor variance, float eps) {
    return Tape.apply(new BatchNorm(eps, false), x, weight, bias, mean.detach(), variance.detach());
  }

  /**
   * Batch norm of x [N, C, spatial...] by the batch's own statistics, weight and bias [C]. PyTorch:
   * batch_norm in training.
   */
  public static Tensor batchNormTraining(Tensor x, Tensor weight, Tensor bias, float eps) {
    return Tape.apply(new BatchNorm(eps, true), x, weight, bias);
  }

  /**
   * The same of x [N, C, spatial...] with the statistics at hand, {@link BatchStatistics#of} this
   * very x, for a layer that also moves its running statistics by them.
   */
  public static Tensor batchNormTraining(
      Tensor x, Tensor weight, Tensor bias, BatchStatistics statistics, float eps) {
    return Tape.apply(
        new BatchNorm(eps, true), x, weight, bias, statistics.mean(), statistics.variance());
  }
}
