package medsora.diffusion;

import static engine.op.elementwise.Elementwise.scale;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.autodiff.Tape;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import medsora.config.Config;
import medsora.config.TrainConfig;
import nn.Mode;
import org.junit.jupiter.api.Test;

class VelocityNetworkTest {
  private static final Schedule SCHEDULE = Schedule.full();

  private static NoisePredictor inner() {
    TrainConfig tiny = Config.builtin("tiny");
    NoisePredictor network = tiny.denoiser().network();
    network.module().initialize(5);
    // Its last layer begins at zero: moved, so that something comes out.
    network
        .module()
        .parameters()
        .forEach((name, p) -> {
          if (name.startsWith("final_layer")) {
            float[] values = p.value().toArray();
            for (int i = 0; i < values.length; i++) {
              values[i] += 0.01f * ((i * 7 % 13) - 6);
            }
            p.write(values);
          }
        });
    return network;
  }

  private static Tensor noised(Shape shape) {
    return Tensor.generate(shape, i -> (float) StrictMath.sin(1.7 * i));
  }

  /** eps = sigma x + alpha v, hence x_0 = (x - sigma eps) / alpha = alpha x - sigma v. */
  @Test
  void theNoiseAndTheStartFollowFromV() {
    NoisePredictor inner = inner();
    NoisePredictor read = new VelocityNetwork(inner);
    Tensor x = noised(inner.latents().of(1));
    for (int t : new int[] {0, 400, 999}) {
      try (Tape scope = Tape.noGrad()) {
        float[] at = {t};
        float[] v = inner.forward(x, at, Mode.EVAL).prediction().toArray();
        float[] eps = read.forward(x, at, Mode.EVAL).prediction().toArray();
        double alpha = SCHEDULE.sqrtAlphaCumprod(t);
        double sigma = SCHEDULE.sqrtOneMinusAlphaCumprod(t);
        float[] start = new Posterior(SCHEDULE, t).start(x, Tensor.of(x.shape(), eps)).toArray();
        float[] noisy = x.toArray();
        double largest = 0;
        for (int i = 0; i < v.length; i++) {
          assertEquals((sigma * noisy[i]) + (alpha * v[i]), eps[i], 1e-6);
          assertEquals((alpha * noisy[i]) - (sigma * v[i]), start[i], 1e-4);
          largest = Math.max(largest, Math.abs(v[i]));
        }
        assertTrue(largest > 0.01, "v is " + largest);
      }
    }
  }

  @Test
  void preparedStepsHaveTheSameBits() {
    NoisePredictor read = new VelocityNetwork(inner());
    Tensor x = noised(read.latents().of(1));
    try (Tape scope = Tape.noGrad()) {
      assertArrayEquals(
          read.forward(x, new float[] {321}, Mode.EVAL).prediction().toArray(),
          read.prepared(7, 321).predict(x, new float[] {321}).toArray());
    }
  }

  /** Whatever a network says, no estimate of x_0 is beyond the bound, and so no sample is. */
  @Test
  void aBoundHoldsAtEveryStep() {
    Shape shape = Shape.of(1, 2, 1, 3, 3);
    for (Sampler.Method method :
        new Sampler.Method[] {new Sampler.Method.Ddim(0), new Sampler.Method.DpmSolver()}) {
      Schedule schedule = method.spaced(SCHEDULE, 8);
      Sampler.Network wrong = (x, t) -> Tensor.generate(x.shape(), i -> i % 2 == 0 ? 9f : -9f);
      Tensor drawn =
          new Sampler(schedule, method, 2.5f)
              .sample(
                  wrong,
                  noised(shape),
                  (i, s) -> Tensor.zeros(s),
                  (i, x, start) -> {
                    for (float v : start.toArray()) {
                      assertTrue(Math.abs(v) <= 2.5f, "step " + i + ": " + v);
                    }
                  });
      for (float v : drawn.toArray()) {
        assertEquals(2.5f, Math.abs(v), 1e-2f);
      }
    }
  }

  /** A gain gives back what a network leaves out of each x_0, by whatever way it is drawn. */
  @Test
  void aGainIsOneOfX0() {
    Tensor noise = noised(Shape.of(1, 2, 1, 3, 3));
    for (Sampler.Method method :
        new Sampler.Method[] {
          new Sampler.Method.Ddim(0), new Sampler.Method.Ddpm(), new Sampler.Method.DpmSolver()
        }) {
      Schedule schedule = method.spaced(SCHEDULE, 8);
      float[] right = drawn(schedule, method, new Sampler.Estimate(1, 3), 1, noise);
      float[] mended = drawn(schedule, method, new Sampler.Estimate(1 / 0.96f, 3), 0.96, noise);
      float[] short4 = drawn(schedule, method, new Sampler.Estimate(1, 3), 0.96, noise);
      assertArrayEquals(right, mended, 2e-4f, method.toString());
      assertTrue(rms(short4) < 0.97 * rms(right), method + ": " + rms(short4) + " " + rms(right));
    }
  }

  /** By the network of normal data of deviation 1.5, whose x_0 come out as {@code share} of it. */
  private static float[] drawn(
      Schedule schedule,
      Sampler.Method method,
      Sampler.Estimate estimate,
      double share,
      Tensor noise) {
    Sampler.Network network =
        (x, t) -> {
          double a = SCHEDULE.sqrtAlphaCumprod((int) t[0]);
          double s = SCHEDULE.sqrtOneMinusAlphaCumprod((int) t[0]);
          double start = share * a * 2.25 / ((2.25 * a * a) + (s * s));
          return scale(x, (float) ((1 - (a * start)) / s));
        };
    return new Sampler(schedule, method, estimate)
        .sample(network, noise, (i, shape) -> noise, (i, x, start) -> {})
        .toArray();
  }

  private static double rms(float[] values) {
    double sum = 0;
    for (float v : values) {
      sum += (double) v * v / values.length;
    }
    return Math.sqrt(sum);
  }
}
