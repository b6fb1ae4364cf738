package medsora.diffusion;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.elementwise.Elementwise.mul;
import static engine.op.elementwise.Elementwise.scale;
import static engine.op.elementwise.Elementwise.sub;
import static engine.op.elementwise.Elementwise.tanh;
import static engine.op.elementwise.Elementwise.unary;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.autodiff.Gradients;
import engine.autodiff.Tape;
import engine.kernel.Unary;
import engine.op.layout.Layout;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import engine.testing.Fixture;
import engine.testing.Fixtures;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

/** Schedule, loss and samplers against the released code's numbers. */
class DiffusionFixtureTest {
  @Test
  void tables() {
    Fixture f = Fixtures.load("diffusion_schedule");
    Schedule full = Schedule.full();
    compare(f, "full", full);
    compare(f, "steps250", full.respaced("250"));
    compare(f, "steps10", full.respaced("10"));
    assertArrayEquals(f.ints("space_ddim50"), Respacing.steps(1000, "ddim50"));
    assertArrayEquals(f.ints("space_10_15_20_of_300"), Respacing.steps(300, "10,15,20"));
  }

  private static void compare(Fixture f, String prefix, Schedule s) {
    int[] map = new int[s.steps()];
    Arrays.setAll(map, s::originalStep);
    assertArrayEquals(f.ints(prefix + ".timestep_map"), map);
    table(f, prefix + ".betas", s, s::beta);
    table(f, prefix + ".alphas_cumprod", s, s::alphaCumprod);
    table(f, prefix + ".alphas_cumprod_prev", s, s::alphaCumprodPrevious);
    table(f, prefix + ".alphas_cumprod_next", s, s::alphaCumprodNext);
    table(f, prefix + ".sqrt_alphas_cumprod", s, s::sqrtAlphaCumprod);
    table(f, prefix + ".sqrt_one_minus_alphas_cumprod", s, s::sqrtOneMinusAlphaCumprod);
    table(f, prefix + ".log_one_minus_alphas_cumprod", s, s::logOneMinusAlphaCumprod);
    table(f, prefix + ".sqrt_recip_alphas_cumprod", s, s::sqrtRecipAlphaCumprod);
    table(f, prefix + ".sqrt_recipm1_alphas_cumprod", s, s::sqrtRecipMinusOneAlphaCumprod);
    table(f, prefix + ".posterior_variance", s, s::posteriorVariance);
    table(f, prefix + ".posterior_log_variance_clipped", s, s::posteriorLogVarianceClipped);
    table(f, prefix + ".posterior_mean_coef1", s, s::posteriorMeanCoefficient1);
    table(f, prefix + ".posterior_mean_coef2", s, s::posteriorMeanCoefficient2);
    table(f, prefix + ".log_betas", s, s::logBeta);
  }

  private static void table(Fixture f, String name, Schedule s, IntToDoubleFunction value) {
    double[] got = new double[s.steps()];
    Arrays.setAll(got, value);
    double error = Fixtures.error(got, f.doubles(name + ".f64"));
    assertTrue(error <= 1e-12, name + ": " + error);
  }

  @Test
  void noiseLoss() {
    Fixture f = Fixtures.load("noise_loss");
    int[] t = f.ints("t");
    NoiseLoss loss = new NoiseLoss(Schedule.full());
    Tensor start = tensor(f, "x_start");
    Tensor noise = tensor(f, "noise");
    try (Tape tape = Tape.open()) {
      Tensor output = tensor(f, "model_output").asParameter();
      NoiseLoss.Terms terms = loss.terms(output, start, noise, t);
      close(f, "out.mse", terms.mse(), 1e-6);
      close(f, "out.vb", terms.bound(), 1e-6);
      close(f, "out.loss", add(terms.mse(), terms.bound()), 1e-6);
      close(f, "out.mean_loss", terms.total(), 1e-6);
      Gradients g = tape.backward(terms.total());
      close(f, "grad.model_output", g.of(output), 1e-6);
    }
  }

  @Test
  void samplers() {
    Fixture f = Fixtures.load("sampling_toy");
    Schedule schedule = Schedule.full().respaced("10");
    walk(f, schedule, new Sampler.Method.Ddim(0), "ddim_eta0p0", "ddim_eta0p6.noise");
    walk(f, schedule, new Sampler.Method.Ddim(0.6), "ddim_eta0p6", "ddim_eta0p6.noise");
    walk(f, schedule, new Sampler.Method.Ddpm(), "ddpm", "ddpm.noise");
    Tensor z = tensor(f, "z");
    Tensor last =
        new Sampler(schedule, new Sampler.Method.Ddpm(), 1)
            .sample(DiffusionFixtureTest::toy, z, draws(f, "ddpm.noise", 10), (i, x, start) -> {});
    close(f, "ddpm_clip.last", last, 1e-6);
  }

  @Test
  void forwardNoising() {
    Fixture f = Fixtures.load("sampling_toy");
    Tensor x =
        new NoiseLoss(Schedule.full())
            .noised(tensor(f, "q.x_start"), tensor(f, "q.noise"), f.ints("q.t"));
    close(f, "q.x_t", x, 1e-6);
  }

  private static void walk(
      Fixture f, Schedule schedule, Sampler.Method method, String name, String noise) {
    Tensor z = tensor(f, "z");
    float[] samples = new float[10 * z.size()];
    float[] starts = new float[10 * z.size()];
    new Sampler(schedule, method, Sampler.UNBOUND)
        .sample(
            DiffusionFixtureTest::toy,
            z,
            draws(f, noise, 10),
            (i, x, start) -> {
              System.arraycopy(x.toArray(), 0, samples, (9 - i) * z.size(), z.size());
              System.arraycopy(start.toArray(), 0, starts, (9 - i) * z.size(), z.size());
            });
    assertTrue(Fixtures.error(samples, f.floats(name + ".samples")) <= 1e-6, name);
    if (f.contains(name + ".pred_xstart")) {
      assertTrue(Fixtures.error(starts, f.floats(name + ".pred_xstart")) <= 1e-6, name);
    }
  }

  /** The toy network of the fixture: eps and a variance output on the channel axis. */
  private static Tensor toy(Tensor x, float[] t) {
    float tau = t[0] / 1000f;
    Tensor first = scale(mul(x, Tensor.scalar((float) StrictMath.cos(tau))), 0.8f);
    Tensor second = scale(unary(Unary.SIN, add(scale(x, 2f), Tensor.scalar(tau))), 0.3f);
    Tensor variance = tanh(sub(x, Tensor.scalar(tau)));
    return Layout.concat(2, add(first, second), variance);
  }

  private static Sampler.Noise draws(Fixture f, String name, int steps) {
    float[] all = f.floats(name);
    return (i, shape) -> {
      int k = steps - 1 - i;
      int n = shape.size();
      return Tensor.of(shape, Arrays.copyOfRange(all, k * n, (k + 1) * n));
    };
  }

  private static Tensor tensor(Fixture f, String name) {
    return Tensor.of(Shape.of(f.dims(name)), f.floats(name));
  }

  private static void close(Fixture f, String name, Tensor got, double tolerance) {
    double error = Fixtures.error(got.toArray(), f.floats(name));
    assertTrue(error <= tolerance, name + ": error " + error);
  }
}
