package tools.conform;

import engine.kernel.EmaArgs;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import nn.optim.Adam;
import nn.optim.Ema;
import nn.optim.GradientNorm;

/** {@code optimizer_adamw_clip_ema}: steps of AdamW with clipped gradients, and moving averages. */
final class OptimiserFamily implements Family {
  static final Limits LIMITS = Limits.STANDARD;

  private static final String NORMS = "grad_norms.f64";

  @Override
  public void check(Check check) {
    FixtureFile file = check.file();
    List<Tensor> parameters = new ArrayList<>();
    while (file.contains("p" + parameters.size() + ".init")) {
      parameters.add(file.tensor("p" + parameters.size() + ".init"));
    }
    UnfitException.unless(!parameters.isEmpty(), "no p0.init");
    Adam adam = new Adam(parameters, settings(file));
    Ema ema = new Ema(parameters, EmaArgs.Form.WEIGHTED, file.decimal("ema"), false);
    List<Double> norms = new ArrayList<>();
    for (int step = 0; file.contains("step" + step + ".grad0"); step++) {
      List<Tensor> gradients = new ArrayList<>();
      for (int p = 0; p < parameters.size(); p++) {
        gradients.add(file.tensor("step" + step + ".grad" + p));
      }
      double norm = GradientNorm.of(gradients);
      norms.add(norm);
      adam.step(gradients, file.decimal("lr"), GradientNorm.clip(norm, file.decimal("clip")), ema);
      compare(check, "step" + step + ".p", parameters);
      compare(check, "step" + step + ".ema", ema.averages());
    }
    check.doubles(NORMS, norms.stream().mapToDouble(Double::doubleValue).toArray());
  }

  private static void compare(Check check, String prefix, List<Tensor> state) {
    for (int p = 0; p < state.size(); p++) {
      check.doubles(prefix + p + ".f64", Errors.widened(state.get(p).toArray()));
    }
  }

  private static Adam.Settings settings(FixtureFile file) {
    String[] betas = file.metadata("betas").orElse("0.9,0.999").split(",", -1);
    UnfitException.unless(betas.length == 2, "metadata betas wants two numbers");
    try {
      return new Adam.Settings(
          Double.parseDouble(betas[0].trim()),
          Double.parseDouble(betas[1].trim()),
          file.decimal("eps"),
          file.decimal("weight_decay"));
    } catch (NumberFormatException e) {
      throw new UnfitException("metadata betas='" + String.join(",", betas) + "'");
    }
  }
}
