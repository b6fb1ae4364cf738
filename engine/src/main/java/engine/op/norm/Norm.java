package engine.op.norm;

import engine.autodiff.Tape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Normalisations, for static import. Numeric contract: N6. */
public final class Norm {
  private Norm() {}

  /**
   * Layer norm over the last axis of x [..., D]: (x - mean) / sqrt(var + eps) * weight + bias, with
   * the biased variance of each row. Weight and bias [D] may be null. PyTorch: layer_norm.
   */
  public static Tensor layerNorm(Tensor x, Tensor weight, Tensor bias, float eps) {
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
}
