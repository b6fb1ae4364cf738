package tools.conform;

import java.util.Arrays;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import medsora.diffusion.Respacing;
import medsora.diffusion.Schedule;

/**
 * {@code diffusion_schedule}: tables {@code full.*} and {@code stepsNNN.*}, and the steps that a
 * respacing takes, {@code space_A_B_C_of_N} or {@code space_ddimK[_of_N]}.
 */
final class ScheduleFamily implements Family {
  static final Limits LIMITS = Limits.DOUBLE_TABLES;

  private static final int MAX_STEPS = 1_000_000;
  private static final Pattern TABLE =
      Pattern.compile("(full|steps(?<spec>\\w+))\\.(?<table>\\w+?)(\\.f64)?");
  private static final Pattern SPACE =
      Pattern.compile("space_(?<spec>\\w+?)(_of_(?<original>\\d+))?");

  @Override
  public void check(Check check) {
    for (String name : check.file().names()) {
      Matcher table = TABLE.matcher(name);
      Matcher space = SPACE.matcher(name);
      if (table.matches()) {
        table(check, name, schedule(table.group("spec")), table.group("table"));
      } else if (space.matches()) {
        String original = space.group("original");
        int steps = original == null ? Schedule.ORIGINAL_STEPS : Integer.parseInt(original);
        UnfitException.unless(steps <= MAX_STEPS, "%s: no process has %d steps", name, steps);
        check.integers(name, Respacing.steps(steps, space.group("spec").replace('_', ',')));
      }
    }
  }

  private static Schedule schedule(String spec) {
    Schedule full = Schedule.full();
    return spec == null ? full : full.respaced(spec.replace('_', ','));
  }

  private static void table(Check check, String name, Schedule s, String table) {
    if (table.equals("timestep_map")) {
      int[] map = new int[s.steps()];
      Arrays.setAll(map, s::originalStep);
      check.integers(name, map);
      return;
    }
    IntToDoubleFunction value = tables(s).get(table);
    if (value == null) {
      check.add(Row.failure(name, check.limit(name), "no table of ours has this name"));
      check.file().use(name);
      return;
    }
    double[] values = new double[s.steps()];
    Arrays.setAll(values, value);
    check.doubles(name, values);
  }

  static Map<String, IntToDoubleFunction> tables(Schedule s) {
    return Map.ofEntries(
        Map.entry("betas", s::beta),
        Map.entry("alphas_cumprod", s::alphaCumprod),
        Map.entry("alphas_cumprod_prev", s::alphaCumprodPrevious),
        Map.entry("alphas_cumprod_next", s::alphaCumprodNext),
        Map.entry("sqrt_alphas_cumprod", s::sqrtAlphaCumprod),
        Map.entry("sqrt_one_minus_alphas_cumprod", s::sqrtOneMinusAlphaCumprod),
        Map.entry("log_one_minus_alphas_cumprod", s::logOneMinusAlphaCumprod),
        Map.entry("sqrt_recip_alphas_cumprod", s::sqrtRecipAlphaCumprod),
        Map.entry("sqrt_recipm1_alphas_cumprod", s::sqrtRecipMinusOneAlphaCumprod),
        Map.entry("posterior_variance", s::posteriorVariance),
        Map.entry("posterior_log_variance_clipped", s::posteriorLogVarianceClipped),
        Map.entry("posterior_mean_coef1", s::posteriorMeanCoefficient1),
        Map.entry("posterior_mean_coef2", s::posteriorMeanCoefficient2),
        Map.entry("log_betas", s::logBeta));
  }
}
