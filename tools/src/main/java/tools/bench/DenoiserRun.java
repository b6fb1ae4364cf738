package tools.bench;

import engine.autodiff.Gradients;
import engine.autodiff.Tape;
import engine.kernel.EmaArgs;
import engine.tensor.Tensor;
import java.util.List;
import medsora.cost.StepCost;
import medsora.diffusion.NetworkConfig;
import medsora.diffusion.NoiseLoss;
import medsora.diffusion.NoisePredictor;
import medsora.diffusion.Schedule;
import nn.Mode;
import nn.Outline;
import nn.Parameter;
import nn.optim.Adam;
import nn.optim.Ema;
import nn.optim.GradientNorm;

/**
 * A denoiser on one clip: a prediction, or a whole training step with noising, loss, gradients,
 * clipping, AdamW and moving average, without recomputation.
 */
public record DenoiserRun(NetworkConfig config, boolean step) implements Operation {
  private static final int TIMESTEP = 500;
  private static final double RATE = 1e-4;
  private static final double DECAY = 0.9999;

  /** MedSora's on one clip of 6 latent frames, with so many blocks: S 6, B 12, L 24. */
  DenoiserRun(int depth, boolean step) {
    this(Models.denoiserConfig(depth), step);
  }

  @Override
  public Work work() {
    NoisePredictor outline = Outline.of(config::network);
    long weights = outline.module().parameterCount();
    long products = step ? StepCost.denoiser(config) : StepCost.prediction(config);
    // Weights read once forward; a step reads them again, writes and reads gradients, optimises.
    return Work.products(products, step ? (4 + 9) * weights : weights);
  }

  private static Tensor clip(NetworkConfig c, Task.Tensors tensors) {
    return tensors.of(c.latents().of(1).dims());
  }

  @Override
  public Task open(Task.Tensors tensors) {
    if (step) {
      return steps(config, false, tensors);
    }
    NoisePredictor denoiser = Models.denoiser(config);
    Tensor start = clip(config, tensors);
    return Task.forward(
        () -> denoiser.forward(start, new float[] {TIMESTEP}, Mode.EVAL).prediction());
  }

  /** Training steps of any denoiser on one clip. */
  public static Task steps(NetworkConfig c, boolean recompute, Task.Tensors tensors) {
    NoisePredictor denoiser = Models.denoiser(c);
    denoiser.setRecompute(recompute);
    Tensor start = clip(c, tensors);
    Tensor noise = clip(c, tensors);
    List<Tensor> parameters = reached(denoiser, gradients(denoiser, start, noise, 0));
    Adam adam = new Adam(parameters, Adam.Settings.DEFAULT);
    Ema ema = new Ema(parameters, EmaArgs.Form.INCREMENTAL, DECAY, true);
    return () -> Task.time(() -> step(denoiser, start, noise, parameters, adam, ema));
  }

  /** Those that the loss reaches: Endora has a convolution for its prior alone. */
  private static List<Tensor> reached(NoisePredictor denoiser, Gradients all) {
    List<Tensor> parameters =
        denoiser.module().trainable().stream()
            .map(Parameter::value)
            .filter(p -> all.find(p) != null)
            .toList();
    Task.release(all);
    return parameters;
  }

  private static void step(
      NoisePredictor denoiser,
      Tensor start,
      Tensor noise,
      List<Tensor> parameters,
      Adam adam,
      Ema ema) {
    Gradients all = gradients(denoiser, start, noise, adam.steps());
    List<Tensor> gradients = parameters.stream().map(all::of).toList();
    adam.step(gradients, RATE, GradientNorm.clip(GradientNorm.of(gradients), 1), ema);
    gradients.forEach(g -> g.storage().release());
  }

  private static Gradients gradients(NoisePredictor denoiser, Tensor start, Tensor noise, long n) {
    NoiseLoss loss = new NoiseLoss(Schedule.full());
    int[] t = {TIMESTEP};
    try (Tape tape = Tape.open()) {
      Tensor noised = loss.noised(start, noise, t);
      Tensor y = denoiser.forward(noised, new float[] {TIMESTEP}, Mode.training(1, n)).prediction();
      return tape.backward(loss.terms(y, start, noise, t).total());
    }
  }
}
