package nn.optim;

import engine.kernel.AdamArgs;
import engine.kernel.AdamState;
import engine.kernel.Backends;
import engine.kernel.Kernels;
import engine.tensor.Shape;
import engine.tensor.Storage;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter, 2017; PyTorch: AdamW). With a weight
 * decay of 0 it is Adam. State: two moments per parameter and a step count.
 */
public final class Adam {
  /** Hyperparameters; the learning rate comes with each step. */
  public record Settings(double beta1, double beta2, double eps, double weightDecay) {
    /** PyTorch's defaults for AdamW, but no weight decay, as the paper trains. */
    public static final Settings DEFAULT = new Settings(0.9, 0.999, 1e-8, 0);

    /** The same with another weight decay. */
    public Settings decaying(double other) {
      return new Settings(beta1, beta2, eps, other);
    }
  }

  private final Settings settings;
  private final List<Tensor> parameters;
  private final List<Tensor> firstMoments = new ArrayList<>();
  private final List<Tensor> secondMoments = new ArrayList<>();
  private long steps;

  /**
   * An optimiser that has done no step.
   *
   * @param parameters of any shapes; their storages are written by every step
   */
  public Adam(List<Tensor> parameters, Settings settings) {
    this.parameters = List.copyOf(parameters);
    this.settings = settings;
    for (Tensor p : parameters) {
      firstMoments.add(Tensor.zeros(p.shape()));
      secondMoments.add(Tensor.zeros(p.shape()));
    }
  }

  /**
   * One step.
   *
   * @param gradients one per parameter, in their order, each of the shape of its parameter
   * @param gradScale what every gradient is multiplied by first ({@link GradientNorm#clip})
   */
  public void step(List<Tensor> gradients, double learningRate, double gradScale) {
    step(gradients, learningRate, gradScale, null);
  }

  /**
   * One step, and the average of the new weights in the same pass over memory, with the bits of
   * {@link Ema#update} after it.
   *
   * @param gradients one per parameter, in their order, each of the shape of its parameter
   * @param gradScale what every gradient is multiplied by first ({@link GradientNorm#clip})
   * @param ema averages of the same parameters, or null
   */
  public void step(
      List<Tensor> gradients, double learningRate, double gradScale, @Nullable Ema ema) {
    steps++;
    AdamArgs args = constants(learningRate, gradScale);
    Kernels k = Backends.current();
    for (int i = 0; i < parameters.size(); i++) {
      Tensor p = parameters.get(i);
      Shape shape = gradients.get(i).shape();
      if (!shape.equals(p.shape())) {
        throw new IllegalArgumentException(
            "[adam] gradient " + i + " is " + shape + ", its parameter " + p.shape());
      }
      step(k, args, i, gradients.get(i).storage(), ema);
    }
    if (ema != null) {
      ema.counted();
    }
  }

  private void step(Kernels k, AdamArgs args, int i, Storage gradient, @Nullable Ema ema) {
    Tensor p = parameters.get(i);
    Storage m = firstMoments.get(i).storage();
    Storage v = secondMoments.get(i).storage();
    AdamState state = new AdamState(p.storage(), gradient, m, v);
    if (ema == null) {
      k.optimiser().adam(args, state, p.size());
    } else {
      Storage average = ema.averages().get(i).storage();
      k.optimiser().adamEma(args, state, ema.nextArgs(), average, p.size());
    }
  }

  /** The constants of this step: in double, rounded once (N15). */
  private AdamArgs constants(double learningRate, double gradScale) {
    double correction1 = 1 - StrictMath.pow(settings.beta1(), (double) steps);
    double correction2 = 1 - StrictMath.pow(settings.beta2(), (double) steps);
    return new AdamArgs(
        (float) settings.beta1(),
        (float) (1 - settings.beta1()),
        (float) settings.beta2(),
        (float) (1 - settings.beta2()),
        (float) Math.sqrt(correction2),
        (float) settings.eps(),
        (float) (learningRate / correction1),
        (float) (1 - learningRate * settings.weightDecay()),
        (float) gradScale);
  }

  public long steps() {
    return steps;
  }

  /**
   * The moments for a checkpoint: m of every parameter, then v of every parameter, each of the
   * shape of its parameter.
   */
  public List<Tensor> state() {
    List<Tensor> all = new ArrayList<>(firstMoments);
    all.addAll(secondMoments);
    return all;
  }

  /** Continues from a checkpoint whose moments were written into {@link #state()}. */
  public void resume(long stepsDone) {
    this.steps = stepsDone;
  }
}
