package medsora.diffusion;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.autodiff.Tape;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import java.util.List;
import medsora.config.Config;
import medsora.config.TrainConfig;
import nn.Mode;
import org.junit.jupiter.api.Test;

class DrawingTest {
  private static final TrainConfig TINY = Config.builtin("tiny");

  private static NoisePredictor network() {
    NoisePredictor network = TINY.newDenoiser();
    network.module().initialize(5);
    // Gates are zero at first, and nothing would be left out.
    network
        .module()
        .parameters()
        .forEach((name, p) -> {
          if (name.contains("adaLN") || name.contains("final_layer.linear")) {
            p.write(Tensor.generate(p.shape(), i -> 0.3f * wave(i)).toArray());
          }
        });
    return network;
  }

  private static float wave(int i) {
    return (float) StrictMath.sin(1.7 * i);
  }

  private static Tensor state(NoisePredictor network) {
    return Tensor.generate(network.latents().of(1), DrawingTest::wave);
  }

  private static float[] predicted(NoisePredictor network, Tensor x) {
    try (Tape scope = Tape.noGrad()) {
      return network.prepared(321).predict(x, new float[] {321}).toArray();
    }
  }

  /** Scales 1, 2 and 4 around their geometric mean 2: deviations 2, 1 and 1/2 of the mean one's. */
  @Test
  void channelsThatVaryMuchHaveLessGain() {
    Drawing drawing = new Drawing(1.05, 0.02, 3, SkipGuidance.NONE);
    List<Float> gains = drawing.estimate(List.of(1f, 2f, 4f)).gains();
    assertEquals(List.of((float) (1.05 - 0.02), 1.05f, (float) (1.05 + 0.02)), gains);
    assertEquals(List.of(1.05f), drawing.estimate(List.of(2f)).gains());
    Tensor start = Tensor.of(Shape.of(1, 2, 3, 1, 1), 1, 1, 1, -1, -2, -4);
    float[] of = new Sampler.Estimate(gains, 3).of(start).toArray();
    assertArrayEquals(new float[] {1.03f, 1.05f, 1.07f, -1.03f, -2.1f, -3}, of, 1e-6f);
    assertThrows(
        ShapeException.class,
        () -> new Sampler.Estimate(gains, 3).of(Tensor.zeros(Shape.of(1, 2, 4, 1, 1))));
  }

  /** p + w (p - q), where q is the network whose block does nothing in its temporal part. */
  @Test
  void guidanceLeadsAwayFromTheNetworkWithoutThePart() {
    int block = 1;
    NoisePredictor whole = network();
    NoisePredictor without = network();
    without
        .module()
        .parameters()
        .forEach((name, p) -> {
          if (name.equals("blocks." + block + ".mamba_f.out_proj.weight")) {
            p.write(new float[p.shape().size()]);
          }
        });
    Tensor x = state(whole);
    float[] p = predicted(whole, x);
    float[] q = predicted(without, x);
    float[] led = predicted(whole.led(new SkipGuidance(1.5f, block)), x);
    double off = 0;
    for (int i = 0; i < p.length; i++) {
      assertEquals(p[i] + (1.5f * (p[i] - q[i])), led[i], 1e-4);
      off = Math.max(off, Math.abs(p[i] - q[i]));
    }
    assertTrue(off > 1e-2, "the part changes nothing: " + off);
  }

  /** Training, and whoever asks the network itself, sees nothing of it; a label stays. */
  @Test
  void onlyWhatIsDrawnIsLed() {
    NoisePredictor network = network();
    NoisePredictor led = network.led(new SkipGuidance(1, 0));
    Tensor x = state(network);
    float[] t = {321};
    try (Tape scope = Tape.noGrad()) {
      assertArrayEquals(
          network.forward(x, t, Mode.EVAL).prediction().toArray(),
          led.forward(x, t, Mode.EVAL).prediction().toArray());
    }
    assertArrayEquals(predicted(led, x), predicted(led.under(NoisePredictor.NO_LABEL), x));
    assertSame(network, Drawing.PLAIN.network(network));
  }

  /** v and the noise are led alike. */
  @Test
  void aVelocityIsLedAsItsNoiseIs() {
    NoisePredictor inner = network();
    SkipGuidance skip = new SkipGuidance(0.5f, 0);
    Tensor x = state(inner);
    double alpha = Schedule.full().sqrtAlphaCumprod(321);
    double sigma = Schedule.full().sqrtOneMinusAlphaCumprod(321);
    float[] v = predicted(inner.led(skip), x);
    float[] noise = predicted(new VelocityNetwork(inner).led(skip), x);
    float[] state = x.toArray();
    for (int i = 0; i < v.length; i++) {
      assertEquals((sigma * state[i]) + (alpha * v[i]), noise[i], 1e-5);
    }
  }

  @Test
  void whatANetworkLacksIsSaid() {
    String text =
        assertThrows(IllegalArgumentException.class, () -> network().led(new SkipGuidance(1, 7)))
            .getMessage();
    assertTrue(text.contains("recipe.skipBlock is 7"), text);
    NoisePredictor endora = Config.builtin("endora-tiny").newDenoiser();
    text =
        assertThrows(IllegalArgumentException.class, () -> endora.led(new SkipGuidance(1, 0)))
            .getMessage();
    assertTrue(text.contains("MedSora's denoiser alone"), text);
  }
}
