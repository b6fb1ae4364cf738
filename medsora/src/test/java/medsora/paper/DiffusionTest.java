package medsora.paper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.tensor.Shape;
import engine.tensor.Tensor;
import medsora.diffusion.NoiseLoss;
import medsora.diffusion.Schedule;
import org.junit.jupiter.api.Test;

/** The diffusion process of Eq. 1 and 2 and the noise term of Eq. 17. */
class DiffusionTest {
  private static final Shape CLIPS = Shape.of(2, 6, 3, 2, 2);
  private final Schedule schedule = Schedule.full();

  /** alpha_t of Eq. 1. */
  private double alpha(int t) {
    return schedule.sqrtAlphaCumprod(t);
  }

  private double sigma(int t) {
    return schedule.sqrtOneMinusAlphaCumprod(t);
  }

  /** alpha_t^2 / sigma_t^2 falls, alpha_t^2 + sigma_t^2 = 1. */
  @Test
  void theSignalToNoiseRatioFalls() {
    for (int t = 0; t < schedule.steps(); t++) {
      assertEquals(1, (alpha(t) * alpha(t)) + (sigma(t) * sigma(t)), 1e-14);
      if (t > 0) {
        assertTrue(alpha(t) / sigma(t) < alpha(t - 1) / sigma(t - 1));
      }
    }
  }

  /**
   * Eq. 1 for s > 0: alpha_t|s = alpha_t / alpha_s and sigma^2_t|s = sigma_t^2 - alpha_t|s^2
   * sigma_s^2. For s = t - 1 these are sqrt(1 - beta_t) and beta_t; steps through any r compose.
   */
  @Test
  void equation1() {
    for (int t = 1; t < schedule.steps(); t += 37) {
      assertEquals(Math.sqrt(1 - schedule.beta(t)), between(t, t - 1), 1e-12);
      assertEquals(schedule.beta(t), variance(t, t - 1), 1e-12);
      for (int s = 0; s < t - 1; s += 101) {
        int r = (s + t) / 2;
        assertEquals(between(t, s), between(t, r) * between(r, s), 1e-12);
        double through = variance(t, r) + (Math.pow(between(t, r), 2) * variance(r, s));
        assertEquals(variance(t, s), through, 1e-12);
      }
    }
  }

  private double between(int t, int s) {
    return alpha(t) / alpha(s);
  }

  private double variance(int t, int s) {
    return Math.pow(sigma(t), 2) - (Math.pow(between(t, s) * sigma(s), 2));
  }

  /** Eq. 1 for s = 0: z_t = alpha_t z_0 + sigma_t noise. */
  @Test
  void noising() {
    Tensor start = Tensor.of(CLIPS, Doubles.normal(CLIPS.size(), 1));
    Tensor noise = Tensor.of(CLIPS, Doubles.normal(CLIPS.size(), 2));
    int[] t = {3, 700};
    double[] wanted = new double[CLIPS.size()];
    int each = CLIPS.size() / 2;
    for (int i = 0; i < wanted.length; i++) {
      int step = t[i / each];
      wanted[i] = (alpha(step) * Doubles.of(start)[i]) + (sigma(step) * Doubles.of(noise)[i]);
    }
    Doubles.assertClose(wanted, new NoiseLoss(schedule).noised(start, noise, t), 1e-6);
  }

  /**
   * Eq. 2 with the mean and variance of q(z_s | z_t, z_0), s = t - 1, by the rule of Bayes:
   * precision 1 / sigma_s^2 + alpha_t|s^2 / sigma_t|s^2, and the mean weighted by them.
   */
  @Test
  void equation2() {
    for (int t = 1; t < schedule.steps(); t += 37) {
      int s = t - 1;
      double prior = 1 / Math.pow(sigma(s), 2);
      double likelihood = Math.pow(between(t, s), 2) / variance(t, s);
      double posterior = 1 / (prior + likelihood);
      assertEquals(posterior, schedule.posteriorVariance(t), 1e-9 * posterior);
      double c1 = posterior * prior * alpha(s);
      double c2 = posterior * between(t, s) / variance(t, s);
      assertEquals(c1, schedule.posteriorMeanCoefficient1(t), 1e-9 * c1);
      assertEquals(c2, schedule.posteriorMeanCoefficient2(t), 1e-9 * c2);
    }
  }

  /** Eq. 17 without its second term: the mean over all latents, images too, of |eps - eps'|^2. */
  @Test
  void equation17() {
    Tensor start = Tensor.of(CLIPS, Doubles.normal(CLIPS.size(), 1));
    Tensor noise = Tensor.of(CLIPS, Doubles.normal(CLIPS.size(), 2));
    Tensor prediction = Tensor.of(CLIPS, Doubles.normal(CLIPS.size(), 3));
    double sum = 0;
    for (int i = 0; i < CLIPS.size(); i++) {
      sum += Math.pow(Doubles.of(noise)[i] - Doubles.of(prediction)[i], 2);
    }
    NoiseLoss.Terms terms =
        new NoiseLoss(schedule).terms(prediction, start, noise, new int[] {3, 700});
    assertNull(terms.bound());
    assertEquals(sum / CLIPS.size(), terms.total().item(), 1e-6);
  }
}
