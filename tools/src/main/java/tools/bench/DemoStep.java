package tools.bench;

import java.util.Map;
import medsora.config.Config;
import medsora.config.TrainConfig;
import medsora.cost.StepCost;
import medsora.train.DenoiserObjective;
import medsora.train.Stage;
import medsora.train.VaeObjective;
import medsora.vae.LatentStatistics;

/**
 * A training step of the demo's denoiser on all samples of its batch, as {@link Stage} does it: a
 * small model, whose products have few rows.
 */
public record DemoStep() implements Operation {
  private static TrainConfig config() {
    return Config.builtin("demo", Map.of());
  }

  @Override
  public Work work() {
    TrainConfig config = config();
    long products = StepCost.denoiser(config.denoiser());
    return Work.products(config.denoiserTraining().batch() * products, 0);
  }

  @Override
  public Task open(Task.Tensors tensors) {
    TrainConfig config = config();
    Stage stage =
        new Stage(
            new DenoiserObjective(
                config,
                new SeededClips(tensors, config),
                DenoiserObjective.fresh(config),
                VaeObjective.fresh(config),
                new LatentStatistics(0, 1)));
    return () -> Task.time(stage::step);
  }
}
