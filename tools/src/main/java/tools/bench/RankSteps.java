package tools.bench;

import engine.random.RandomKey;
import engine.ranks.Ranks;
import engine.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;
import medsora.config.TrainConfig;
import medsora.cost.ModelRuns;
import medsora.diffusion.NoisePredictor;
import medsora.train.DenoiserObjective;
import medsora.train.Losses;
import medsora.train.Objective;
import medsora.train.RankReducer;
import medsora.train.Stage;
import medsora.train.store.Identity;
import nn.io.Weights;
import nn.optim.Adam;
import nn.optim.Ema;
import tools.report.Machine;

/**
 * Training steps of a denoiser by all ranks, on latents by seed: what a step takes and how much
 * memory a rank ever held. The weights behind them tell that all did the same.
 *
 * @param leaves micro-batches of a step
 * @param rounds steps that are timed, behind two that are not
 * @param shards whether each rank has the optimiser's state of its part alone
 */
public record RankSteps(TrainConfig config, int leaves, int rounds, boolean shards) {
  private static final int WARM_UP = 2;
  private static final double RATE = 1e-4;

  /** A loss on latents that are noise themselves. */
  private record OnNoise(TrainConfig config, NoisePredictor network, int leaves)
      implements Objective {
    @Override
    public String name() {
      return DenoiserObjective.NAME;
    }

    @Override
    public Identity identity() {
      return Identity.ofDenoiser(config);
    }

    @Override
    public Trained trained() {
      return new Trained(
          network.module(),
          null,
          Adam.Settings.DEFAULT,
          config.denoiserTraining().emaDecay(),
          config.denoiserTraining().emaForm());
    }

    @Override
    public Plan plan(long step) {
      return new Plan(step * leaves, leaves, RATE, 1);
    }

    @Override
    public boolean independentSamples() {
      return true;
    }

    @Override
    public Sample draw(long n, long step, Ema averages) {
      float[] values = new float[network.latents().of(1).size()];
      new RandomKey(config.seed(), n, 0).random().normal(values, 0, values.length);
      Tensor latents = Tensor.of(network.latents().of(1), values);
      return new Sample(
          "latents " + n, new Loss(() -> new Losses("loss", ModelRuns.loss(network, latents))));
    }
  }

  /** Does the steps; called by all ranks, and the line is that of rank 0. */
  public String line(Ranks ranks) {
    NoisePredictor network = DenoiserObjective.fresh(config);
    network.setRecompute(config.denoiserTraining().recompute());
    Stage stage = new Stage(new OnNoise(config, network, leaves), RankReducer.of(ranks, shards));
    double[] seconds = new double[rounds];
    for (int i = -WARM_UP; i < rounds; i++) {
      ranks.meet();
      long started = System.nanoTime();
      stage.step();
      ranks.meet();
      if (i >= 0) {
        seconds[i] = (System.nanoTime() - started) * 1e-9;
      }
    }
    Arrays.sort(seconds);
    return String.format(
        Locale.ROOT,
        "step of %d ranks, %d micro-batches, %d gradients: %.3f s, most memory of a rank %d MiB, weights %s",
        ranks.count(),
        leaves,
        network.module().trainable().stream().mapToLong(p -> p.shape().size()).sum(),
        seconds[rounds / 2],
        mostMemory(ranks) >> 20,
        Weights.sha256(network.module().stateDict()).substring(0, 16));
  }

  private static long mostMemory(Ranks ranks) {
    long own = Machine.peakBytes(ProcessHandle.current().pid()).orElse(0);
    byte[] bytes = ByteBuffer.allocate(Long.BYTES).putLong(own).array();
    return ranks.gather(bytes).stream()
        .mapToLong(each -> ByteBuffer.wrap(each).getLong())
        .max()
        .orElse(own);
  }
}
