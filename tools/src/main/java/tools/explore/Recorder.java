package tools.explore;

import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import medsora.diffusion.NoisePredictor;
import medsora.diffusion.Sampler;
import medsora.diffusion.SkipGuidance;
import nn.Mode;
import nn.Module;

/**
 * A predictor that keeps what a sampler asked of it and what it answered, in the order of the
 * steps.
 */
final class Recorder implements NoisePredictor {
  /** A question x_t and t, and its answer, the noise; [1, F, C, h, w]. */
  record Asked(Tensor x, int t, Tensor noise) {}

  private final NoisePredictor inner;
  private final List<Asked> asked;

  Recorder(NoisePredictor inner) {
    this(inner, new ArrayList<>());
  }

  private Recorder(NoisePredictor inner, List<Asked> asked) {
    this.inner = inner;
    this.asked = asked;
  }

  List<Asked> asked() {
    return List.copyOf(asked);
  }

  @Override
  public Sampler.Network prepared(float... steps) {
    Sampler.Network network = inner.prepared(steps);
    return (x, t) -> {
      Tensor noise = network.predict(x, t);
      asked.add(new Asked(Subject.copy(x), (int) t[0], Subject.copy(noise)));
      return noise;
    };
  }

  /** Keeps what is asked of it among what is asked of this one. */
  @Override
  public NoisePredictor led(SkipGuidance skip) {
    return new Recorder(inner.led(skip), asked);
  }

  @Override
  public Module module() {
    return inner.module();
  }

  @Override
  public Latents latents() {
    return inner.latents();
  }

  @Override
  public Hidden hidden() {
    return inner.hidden();
  }

  @Override
  public Output forward(Tensor x, float[] t, Mode mode) {
    return inner.forward(x, t, mode);
  }

  @Override
  public void setRecompute(boolean on) {
    inner.setRecompute(on);
  }
}
