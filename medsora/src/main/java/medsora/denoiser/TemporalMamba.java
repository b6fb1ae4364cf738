package medsora.denoiser;

import engine.tensor.Tensor;

/**
 * Temporal Mamba (paper Eq. 10): one causal scan over the frames of each token position. Input and
 * output [b l, f, D].
 */
final class TemporalMamba extends MambaMixer {
  TemporalMamba(DenoiserConfig config) {
    super(config);
    registerProjections(config);
  }

  Tensor forward(Tensor u) {
    Tensor projected = project(u);
    return projectOut(gatedNorm(scan(scanned(projected)), gate(projected)));
  }
}
