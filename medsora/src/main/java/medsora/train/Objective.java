package medsora.train;

import engine.kernel.EmaArgs;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import medsora.config.TrainConfig;
import medsora.train.store.Identity;
import nn.Module;
import nn.optim.Adam;
import nn.optim.Ema;
import org.jspecify.annotations.Nullable;

/**
 * What a training minimises: it says what a step consists of, draws sample n, and computes its
 * losses. All else, the gradients, clipping, the optimiser, the average, validation and
 * checkpoints, is done by the one loop, {@link Stage} and {@link Trainer}.
 */
public interface Objective {
  /** Under which its files and lines in the log stand. */
  String name();

  /** What decides its results, but for the weights that it begins from. */
  Identity identity();

  /** What learns. */
  Trained trained();

  /** What step {@code step}, from 0, consists of. */
  Plan plan(long step);

  /**
   * Draws sample {@code n}: data and noise are functions of the seed and {@code n} alone.
   *
   * @param step in which it is used
   * @param averages of the weights as they were before this step
   */
  Sample draw(long n, long step, Ema averages);

  /**
   * Whether the losses of a step's samples may be computed side by side, and by several ranks: none
   * of them changes what another reads.
   */
  default boolean independentSamples() {
    return false;
  }

  /** Told after the step of the samples drawn last, once the optimiser has changed the weights. */
  default void stepped() {}

  /** When training ends by itself. */
  default TrainConfig.EarlyStopping stopping() {
    return TrainConfig.EarlyStopping.NEVER;
  }

  /** How many looks at held-out data the loss of validation is the mean of. */
  default long looks() {
    return 0;
  }

  /** The loss of one of these looks, from 0; the averaged weights are in place. */
  default double look(long number) {
    throw new UnsupportedOperationException("[train] " + name() + " has no held-out data");
  }

  /** What its checkpoint holds beside the state. */
  default Map<String, String> extra() {
    return Map.of();
  }

  /** Called once after the last step, before the final checkpoint. */
  default void finish(Ema averages) {}

  /**
   * What learns, and how.
   *
   * @param module whose weights stand in the checkpoint as the model
   * @param beside a second module that is trained with it, or null
   * @param ema the moving average
   */
  record Trained(
      Module module,
      TrainState.@Nullable Beside beside,
      Adam.Settings optimiser,
      Ema.Settings ema) {
    /** With an average that warms up as everywhere here. */
    public Trained(
        Module module,
        TrainState.@Nullable Beside beside,
        Adam.Settings optimiser,
        double emaDecay,
        EmaArgs.Form emaForm) {
      this(module, beside, optimiser, new Ema.Settings(emaForm, emaDecay, Ema.WarmUp.FROM_ZERO));
    }
  }

  /**
   * What a step consists of.
   *
   * @param first number of its first sample
   * @param samples how many it has; each is a micro-batch of its own (numeric contract N4)
   * @param maxNorm gradients are clipped to this norm, 0 for never
   */
  record Plan(long first, int samples, double learningRate, double maxNorm) {}

  /**
   * One sample of a step.
   *
   * @param where what it is, for messages, for instance {@code clip 1, begin 0}
   * @param losses each is computed after the one before has given its gradients
   */
  record Sample(String where, List<Loss> losses) {
    public Sample(String where, Loss... losses) {
      this(where, List.of(losses));
    }
  }

  /**
   * A loss and what it trains. Losses of one sample train disjoint sets of parameters: what a loss
   * would have of another's parameters is left out.
   *
   * @param terms computed on the tape that is open
   * @param over the modules whose parameters follow this loss; none for all that learn
   */
  record Loss(Supplier<Losses> terms, List<Module> over) {
    /** Of all that learns. */
    public Loss(Supplier<Losses> terms) {
      this(terms, List.of());
    }
  }
}
