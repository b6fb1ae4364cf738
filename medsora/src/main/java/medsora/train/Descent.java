package medsora.train;

import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import nn.optim.Adam;
import nn.optim.Ema;
import nn.optim.GradientNorm;
import org.jspecify.annotations.Nullable;

/**
 * How the sum of a step changes the parameters, the optimiser's state with it: all of it in this
 * rank, or in each rank the state of its part alone. The bits are the same.
 */
sealed interface Descent {
  /** The optimiser of some parameters, which follows where a reducer leaves the sums. */
  static Descent of(List<Tensor> parameters, Adam.Settings settings, @Nullable Shards shards) {
    return shards == null
        ? new Whole(new Adam(parameters, settings))
        : new Sharded(parameters, settings, shards);
  }

  /** The norm of the sum, not scaled. */
  double norm(List<Tensor> gradients);

  /** One step of the optimiser, and of the average behind it. */
  void step(List<Tensor> gradients, double learningRate, double gradScale, Ema ema);

  /**
   * Brings together what {@link #moments} gives; done by all ranks, on all of which but the first
   * it gives nothing.
   */
  void collect();

  /** Both moments of every parameter for a checkpoint, behind {@link #collect}. */
  List<List<Tensor>> moments();

  /**
   * Takes a moment of a parameter from a checkpoint.
   *
   * @param moment 0 or 1
   */
  void moment(int moment, int parameter, float[] values);

  /** Continues behind so many steps. */
  void resume(long steps);

  /** Every rank has all. */
  record Whole(Adam adam) implements Descent {
    @Override
    public double norm(List<Tensor> gradients) {
      return GradientNorm.of(gradients);
    }

    @Override
    public void step(List<Tensor> gradients, double learningRate, double gradScale, Ema ema) {
      adam.step(gradients, learningRate, gradScale, ema);
      gradients.forEach(g -> g.storage().release());
    }

    @Override
    public void collect() {}

    @Override
    public List<List<Tensor>> moments() {
      List<Tensor> all = adam.state();
      int n = all.size() / 2;
      return List.of(all.subList(0, n), all.subList(n, 2 * n));
    }

    @Override
    public void moment(int moment, int parameter, float[] values) {
      moments().get(moment).get(parameter).storage().write(values);
    }

    @Override
    public void resume(long steps) {
      adam.resume(steps);
    }
  }

  /**
   * Each rank has the moments of its shard. A step changes that of the weights, which all then get;
   * averages are made by all of all.
   */
  final class Sharded implements Descent {
    private final List<Tensor> parameters;
    private final Shards shards;
    private final Tensor weights;
    private final Adam adam;
    private List<List<Tensor>> collected = List.of();

    Sharded(List<Tensor> parameters, Adam.Settings settings, Shards shards) {
      this.parameters = parameters;
      this.shards = shards;
      this.weights = shards.zeros();
      this.adam = new Adam(List.of(weights), settings);
    }

    @Override
    public double norm(List<Tensor> gradients) {
      return shards.norm();
    }

    @Override
    public void step(List<Tensor> gradients, double learningRate, double gradScale, Ema ema) {
      shards.pick(parameters, weights);
      adam.step(List.of(shards.gradient()), learningRate, gradScale);
      shards.spread(weights, parameters);
      ema.update();
    }

    @Override
    public void collect() {
      List<List<Tensor>> all = new ArrayList<>();
      adam.state().forEach(moment -> all.add(shards.collect(moment)));
      collected = all;
    }

    @Override
    public List<List<Tensor>> moments() {
      List<List<Tensor>> all = collected;
      if (all.stream().anyMatch(List::isEmpty) || all.isEmpty()) {
        throw new IllegalStateException("[train] the moments of all ranks were not collected");
      }
      // A writer holds them for as long as it wants them.
      collected = List.of();
      return all;
    }

    @Override
    public void moment(int moment, int parameter, float[] values) {
      shards.pick(parameter, values, adam.state().get(moment));
    }

    @Override
    public void resume(long steps) {
      adam.resume(steps);
    }
  }
}
