package tools.systems;

import medsora.config.TrainConfig;
import medsora.train.Clips;
import medsora.train.Encodings;

/**
 * Some steps of a denoiser.
 *
 * @param steps how many
 * @param training multiply-adds of them
 * @param encoding multiply-adds of the latents of all that they meet, each once
 */
public record DenoiserWork(long steps, double training, double encoding) {
  /** Both. */
  public double total() {
    return training + encoding;
  }

  /** As many steps as there is room for, at most so many. */
  static DenoiserWork within(
      double room, long most, TrainConfig config, StepCosts costs, Clips clips) {
    Encodings met = new Encodings(config, clips);
    DenoiserWork done = new DenoiserWork(0, 0, 0);
    while (done.steps < most) {
      met.meet(config.denoiserTraining().batch());
      DenoiserWork next =
          new DenoiserWork(
              done.steps + 1,
              (double) costs.denoiser() * (done.steps + 1),
              ((double) costs.clip() * met.clips()) + ((double) costs.window() * met.windows()));
      if (next.total() > room) {
        break;
      }
      done = next;
    }
    return done;
  }
}
