package nn.optim;

import engine.kernel.Backends;
import engine.kernel.EmaArgs;
import engine.kernel.Kernels;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;

/**
 * An exponential moving average of parameters: average = d * average + (1 - d) * p after every
 * step, starting as a copy; {@link EmaArgs.Form} says in which of two forms that is computed. The
 * decay may warm up as min(decay, (1 + n) / (10 + n)), n the number of steps done ({@link WarmUp}),
 * so that short runs are not ruled by their first weights.
 */
public final class Ema {
  /** How the decay warms up. */
  public enum WarmUp {
    /** Not at all. */
    NONE,
    /** n are the steps before this one: the first decay is 1/10. */
    FROM_ZERO,
    /** n are the steps with this one, as in latent diffusion: the first decay is 2/11. */
    FROM_ONE
  }

  /**
   * How it is computed.
   *
   * @param form two of equal meaning and other last bits
   * @param decay d, from 0 to 1
   */
  public record Settings(EmaArgs.Form form, double decay, WarmUp warmUp) {}

  private final List<Tensor> parameters;
  private final List<Tensor> averages = new ArrayList<>();
  private final Settings settings;
  private long steps;

  /**
   * Averages that begin as copies of the parameters.
   *
   * @param parameters of any shapes
   * @param form how it is computed: two forms of equal meaning and other last bits
   * @param decay d, from 0 to 1
   * @param warmUp whether the decay warms up, from 1/10 on
   */
  public Ema(List<Tensor> parameters, EmaArgs.Form form, double decay, boolean warmUp) {
    this(parameters, new Settings(form, decay, warmUp ? WarmUp.FROM_ZERO : WarmUp.NONE));
  }

  /**
   * Averages that begin as copies of the parameters.
   *
   * @param parameters of any shapes
   */
  public Ema(List<Tensor> parameters, Settings settings) {
    this.parameters = List.copyOf(parameters);
    this.settings = settings;
    for (Tensor p : parameters) {
      averages.add(Tensor.of(p.shape(), p.toArray()));
    }
  }

  /** One update towards the present values of the parameters. */
  public void update() {
    EmaArgs args = nextArgs();
    Kernels k = Backends.current();
    for (int i = 0; i < averages.size(); i++) {
      Tensor p = parameters.get(i);
      k.optimiser().ema(args, p.storage(), averages.get(i).storage(), p.size());
    }
    counted();
  }

  /** Form and factors of the next update. */
  EmaArgs nextArgs() {
    double decay = settings.decay();
    return EmaArgs.of(
        settings.form(),
        switch (settings.warmUp()) {
          case NONE -> decay;
          case FROM_ZERO -> Math.min(decay, (1.0 + steps) / (10.0 + steps));
          case FROM_ONE -> Math.min(decay, (2.0 + steps) / (11.0 + steps));
        });
  }

  /** An update was made, here or in the pass of an optimiser. */
  void counted() {
    steps++;
  }

  /** The averages, in the order of the parameters, each of the shape of its parameter. */
  public List<Tensor> averages() {
    return Collections.unmodifiableList(averages);
  }

  public long steps() {
    return steps;
  }

  /** Continues from a checkpoint whose averages were written into {@link #averages()}. */
  public void resume(long stepsDone) {
    this.steps = stepsDone;
  }

  /** Runs the body with the averages in the place of the parameters, and puts these back. */
  public void swapped(Runnable body) {
    swapped(() -> {
      body.run();
      return this;
    });
  }

  /** The result of the body with the averages in the place of the parameters. */
  public <T> T swapped(Supplier<T> body) {
    swap();
    try {
      return body.get();
    } finally {
      swap();
    }
  }

  private void swap() {
    for (int i = 0; i < averages.size(); i++) {
      float[] raw = parameters.get(i).toArray();
      parameters.get(i).storage().write(averages.get(i).toArray());
      averages.get(i).storage().write(raw);
    }
  }
}
