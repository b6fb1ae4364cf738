package medsora.diffusion;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.elementwise.Elementwise.mul;

import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import nn.Mode;
import nn.Module;

/**
 * A network whose last layer gives v = alpha_t eps - sigma_t x_0 (Salimans and Ho, 2022), read as a
 * predictor of noise: eps = sigma_t x_t + alpha_t v, where alpha_t^2 = abar_t and sigma_t^2 = 1 -
 * abar_t. The estimate of x_0 is then alpha_t x_t - sigma_t v: an error of the network reaches it
 * as it is, where that of a predicted noise reaches it times sigma_t / alpha_t, 158 at t = 999.
 *
 * @param network without a learned variance; its weights and names are unchanged
 */
public record VelocityNetwork(NoisePredictor network) implements NoisePredictor {
  private static final int RANK = 5;

  /**
   * What a forward pass gives.
   *
   * @param prediction the noise
   * @param inner what the network itself gave
   */
  private record Read(Tensor prediction, Output inner) implements Output {
    @Override
    public List<Tensor> hidden(String name) {
      return inner.hidden(name);
    }
  }

  @Override
  public Module module() {
    return network.module();
  }

  @Override
  public Latents latents() {
    return network.latents();
  }

  @Override
  public Latents drawn() {
    return network.drawn();
  }

  @Override
  public Hidden hidden() {
    return network.hidden();
  }

  @Override
  public int labels() {
    return network.labels();
  }

  @Override
  public NoisePredictor under(int label) {
    return new VelocityNetwork(network.under(label));
  }

  /** Of v, which is the same as of the noise: one follows from the other by x_t alone. */
  @Override
  public NoisePredictor led(SkipGuidance skip) {
    return new VelocityNetwork(network.led(skip));
  }

  @Override
  public Practice practice() {
    return network.practice();
  }

  @Override
  public void setRecompute(boolean on) {
    network.setRecompute(on);
  }

  @Override
  public Output forward(Tensor x, float[] t, Mode mode) {
    Output inner = network.forward(x, t, mode);
    return new Read(noise(x, inner.prediction(), t), inner);
  }

  @Override
  public Sampler.Network prepared(float... steps) {
    Sampler.Network prepared = network.prepared(steps);
    return (x, t) -> noise(x, prepared.predict(x, t), t);
  }

  /** eps = sigma_t x_t + alpha_t v, for each sample's own step. */
  private Tensor noise(Tensor x, Tensor velocity, float[] t) {
    ShapeException.require(
        velocity.shape().equals(x.shape()),
        "velocity",
        "x %s and v %s differ: v goes without a learned variance",
        x.shape(),
        velocity.shape());
    Schedule schedule = practice().schedule();
    float[] alpha = new float[t.length];
    float[] sigma = new float[t.length];
    for (int i = 0; i < t.length; i++) {
      alpha[i] = (float) schedule.sqrtAlphaCumprod((int) t[i]);
      sigma[i] = (float) schedule.sqrtOneMinusAlphaCumprod((int) t[i]);
    }
    return add(mul(x, perSample(sigma)), mul(velocity, perSample(alpha)));
  }

  /** [b, 1, 1, 1, 1]. */
  private static Tensor perSample(float[] values) {
    int[] dims = new int[RANK];
    Arrays.fill(dims, 1);
    dims[0] = values.length;
    return Tensor.of(Shape.of(dims), values);
  }
}
