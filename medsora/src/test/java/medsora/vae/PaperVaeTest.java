package medsora.vae;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import engine.op.layout.Layout;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.List;
import java.util.Map;
import medsora.paper.Doubles;
import medsora.vae.VaeConfig.Compensation;
import nn.Entry;
import nn.Mode;
import nn.Module;
import org.junit.jupiter.api.Test;

/** Frequency compensation as section 3.3 and Figure 4 describe it. */
class PaperVaeTest {
  private static final int CHANNELS = 3;
  private static final int FRAMES = 2;
  private static final int SIDE = 4;

  private static Vae vae(Compensation compensation) {
    Vae vae = new Vae(new VaeConfig(List.of(4, 4, 8, 8), 3, 2, 2, compensation, 0.2f));
    vae.initialize(1);
    return vae;
  }

  /** "before the encoder's 2D downsampling block and in the middle of each decoder block". */
  @Test
  void compensationStandsWhereThePaperPutsIt() {
    Map<String, Entry> plain = vae(Compensation.NONE).stateDict();
    List<String> added =
        vae(Compensation.PAPER).stateDict().keySet().stream()
            .filter(name -> !plain.containsKey(name))
            .map(name -> name.substring(0, name.indexOf(".frequency_compensation")))
            .distinct()
            .toList();
    assertEquals(
        List.of(
            "encoder.down_blocks.0",
            "encoder.down_blocks.1",
            "encoder.down_blocks.2",
            "decoder.up_blocks.0",
            "decoder.up_blocks.1",
            "decoder.up_blocks.2",
            "decoder.up_blocks.3"),
        added);
  }

  /** Chunks are causal: sampling decodes the video's latents alone and loses no bit. */
  @Test
  void laterLatentsDoNotChangeEarlierFrames() {
    Vae vae = vae(Compensation.PAPER);
    Tensor all = Tensor.generate(Shape.of(1, 2, 6, 2, 2), i -> Math.sin(3 * i));
    float[] frames = Layout.slice(vae.decode(all, Mode.EVAL), 2, 0, 16).toArray();
    float[] kept = vae.decode(Layout.slice(all, 2, 0, 4), Mode.EVAL).toArray();
    assertArrayEquals(frames, kept);
  }

  /** A pretrained autoencoder is, before training, what it was without the new modules. */
  @Test
  void compensationBeginsAsTheIdentity() {
    Vae plain = vae(Compensation.NONE);
    Vae paper = vae(Compensation.PAPER);
    Map<String, Entry> known = plain.stateDict();
    paper
        .stateDict()
        .forEach((name, entry) -> {
          if (known.containsKey(name)) {
            entry.value().storage().write(known.get(name).value().toArray());
          }
        });
    Shape clip = Shape.of(1, 3, 8, 16, 16);
    Tensor x = Tensor.of(clip, Doubles.normal(clip.size(), 3));
    Moments wanted = plain.encode(x, Mode.EVAL);
    assertArrayEquals(wanted.mean().toArray(), paper.encode(x, Mode.EVAL).mean().toArray(), 0f);
    assertArrayEquals(
        plain.decode(wanted.mean(), Mode.EVAL).toArray(),
        paper.decode(wanted.mean(), Mode.EVAL).toArray(),
        0f);
  }

  private static Tensor features() {
    Shape shape = Shape.of(1, CHANNELS, FRAMES, SIDE, SIDE);
    return Tensor.of(shape, Doubles.normal(shape.size(), 4));
  }

  private static double[] weight(Module module, String name) {
    return Doubles.of(module.parameters().get(name).value());
  }

  private static int at(int c, int t, int y, int x) {
    return (((((c * FRAMES) + t) * SIDE) + y) * SIDE) + x;
  }

  /** A convolution with zeros around, kT x 3 x 3, written as its sum. */
  private static double[] conv(double[] h, double[] weight, double[] bias, int kt) {
    double[] out = new double[h.length];
    for (int o = 0; o < CHANNELS; o++) {
      for (int t = 0; t < FRAMES; t++) {
        for (int y = 0; y < SIDE; y++) {
          for (int x = 0; x < SIDE; x++) {
            double sum = bias[o];
            for (int k = 0; k < weight.length / CHANNELS; k++) {
              int i = k / (9 * kt);
              int tt = t + (k / 9 % kt) - (kt / 2);
              int yy = y + (k / 3 % 3) - 1;
              int xx = x + (k % 3) - 1;
              boolean inside =
                  tt >= 0 && tt < FRAMES && yy >= 0 && yy < SIDE && xx >= 0 && xx < SIDE;
              sum += inside ? weight[(o * weight.length / CHANNELS) + k] * h[at(i, tt, yy, xx)] : 0;
            }
            out[at(o, t, y, x)] = sum;
          }
        }
      }
    }
    return out;
  }

  private static double[] relu(double[] x) {
    return java.util.Arrays.stream(x).map(v -> Math.max(v, 0)).toArray();
  }

  private static double[] sum(double[] a, double[] b) {
    double[] out = new double[a.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = a[i] + b[i];
    }
    return out;
  }

  /** Figure 4, beside the 2-D samplers: h + conv(ReLU(conv(h))), 3x3, every frame by itself. */
  @Test
  void twoDimensionalForm() {
    FrequencyCompensation module = new FrequencyCompensation.Framewise(CHANNELS);
    Doubles.fill(module, 0.3);
    double[] h = Doubles.of(features());
    double[] inner = conv(h, weight(module, "0.weight"), weight(module, "0.bias"), 1);
    double[] f = conv(relu(inner), weight(module, "2.weight"), weight(module, "2.bias"), 1);
    Doubles.assertClose(sum(h, f), module.forward(features(), Mode.EVAL), 2e-6);
  }

  /** Figure 4, in the decoder: h + conv(ReLU(BN(h))), 3x3x3; BN by its running statistics. */
  @Test
  void threeDimensionalForm() {
    FrequencyCompensation module = new FrequencyCompensation.Volumetric(CHANNELS, true, 0.2f);
    Doubles.fill(module, 0.3);
    float[] mean = {0.2f, -0.4f, 0.1f};
    float[] variance = {0.5f, 2f, 1.5f};
    module.stateDict().get("0.running_mean").value().storage().write(mean);
    module.stateDict().get("0.running_var").value().storage().write(variance);
    double[] h = Doubles.of(features());
    double[] normed = new double[h.length];
    for (int i = 0; i < h.length; i++) {
      int c = i / (FRAMES * SIDE * SIDE);
      normed[i] =
          (weight(module, "0.weight")[c] * (h[i] - mean[c]) / Math.sqrt(variance[c] + 1e-5))
              + weight(module, "0.bias")[c];
    }
    double[] f = conv(relu(normed), weight(module, "3.weight"), weight(module, "3.bias"), 3);
    Doubles.assertClose(sum(h, f), module.forward(features(), Mode.EVAL), 2e-6);
  }
}
