package medsora.denoiser;

import engine.tensor.Tensor;
import medsora.diffusion.NoisePredictor;
import medsora.diffusion.Sampler;
import nn.Mode;
import nn.Module;

/** A denoiser whose samples all have one label; the weights are the denoiser's own. */
record LabelledDenoiser(Denoiser network, int label) implements NoisePredictor {
  @Override
  public Module module() {
    return network;
  }

  @Override
  public Latents latents() {
    return network.latents();
  }

  @Override
  public Hidden hidden() {
    return network.hidden();
  }

  @Override
  public Output forward(Tensor x, float[] t, Mode mode) {
    return network.forward(x, t, label, mode);
  }

  @Override
  public Sampler.Network prepared(float... steps) {
    return network.prepared(label, steps);
  }

  @Override
  public int labels() {
    return network.labels();
  }

  @Override
  public NoisePredictor under(int other) {
    return network.under(other);
  }

  @Override
  public void setRecompute(boolean on) {
    network.setRecompute(on);
  }
}
