package medsora.denoiser;

import engine.tensor.Tensor;
import medsora.diffusion.NoisePredictor;
import medsora.diffusion.Sampler;
import medsora.diffusion.SkipGuidance;
import nn.Mode;
import nn.Module;

/**
 * A denoiser whose samples all have one label, or none, and are led by guidance; the weights are
 * the denoiser's own.
 */
record LabelledDenoiser(Denoiser network, int label, SkipGuidance skip) implements NoisePredictor {
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
    return network.prepared(label, skip, steps);
  }

  @Override
  public int labels() {
    return network.labels();
  }

  @Override
  public NoisePredictor under(int other) {
    network.under(other);
    return new LabelledDenoiser(network, other, skip);
  }

  @Override
  public NoisePredictor led(SkipGuidance by) {
    network.led(by);
    return new LabelledDenoiser(network, label, by);
  }

  @Override
  public void setRecompute(boolean on) {
    network.setRecompute(on);
  }
}
