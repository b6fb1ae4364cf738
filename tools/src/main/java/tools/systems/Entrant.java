package tools.systems;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import medsora.config.Config;
import medsora.config.TrainConfig;
import medsora.train.Clips;
import nn.optim.LearningRate;

/**
 * One of the systems.
 *
 * @param name in tables and of its folder
 * @param config with as many steps as the budget has room for, its schedules as much longer or
 *     shorter
 * @param costs of its steps
 * @param work of its denoiser
 * @param clips that it learns from
 */
public record Entrant(
    String name, TrainConfig config, StepCosts costs, DenoiserWork work, Clips clips) {
  /**
   * A system with a budget.
   *
   * @param source a built-in configuration or a YAML file
   * @param plain what it says, with the seed of the training
   */
  static Entrant of(String name, String source, TrainConfig plain, Clips clips, Budget budget)
      throws IOException {
    StepCosts costs = StepCosts.of(plain);
    Map<String, String> changes = new LinkedHashMap<>();
    long vae = budget.vaeSteps(name, costs);
    changes.put("vaeTraining.steps", Long.toString(vae));
    TrainConfig.VaeTraining first = plain.vaeTraining();
    changes.put("vaeTraining.learningRate", scaled(first.learningRate(), vae, first.steps()));
    DenoiserWork work = budget.denoiserWork(name, plain, costs, clips);
    changes.put("denoiserTraining.steps", Long.toString(work.steps()));
    TrainConfig.DenoiserTraining second = plain.denoiserTraining();
    changes.put(
        "denoiserTraining.learningRate",
        scaled(second.learningRate(), work.steps(), second.steps()));
    TrainConfig planned = Config.read(source, changes).withSeed(plain.seed());
    return new Entrant(name, planned, costs, work, clips);
  }

  /** A schedule for another number of steps, as the configuration has it. */
  private static String scaled(LearningRate rate, long steps, long configured) {
    double times = (double) steps / configured;
    return rate.phases().stream()
        .map(p ->
            "{from: %d, length: %d, start: %s, end: %s}"
                .formatted(
                    Math.round(times * p.from()),
                    Math.round(times * p.length()),
                    p.start(),
                    p.end()))
        .collect(Collectors.joining(", ", "{phases: [", "]}"));
  }

  /** Multiply-adds of all steps of the autoencoder. */
  public double spentOnVae() {
    return (double) costs.vae() * config.vaeTraining().steps();
  }

  /** Multiply-adds of all of it. */
  public double spent() {
    return work.total() + spentOnVae();
  }
}
