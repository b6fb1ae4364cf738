package medsora.vae;

import engine.io.SafeTensorsWriter;
import engine.tensor.HalfFloats;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import medsora.paper.Doubles;

/**
 * Files with exactly the names that diffusers' AutoencoderKLCogVideoX publishes, written down here
 * on their own and not taken from the module under test; widths are small.
 */
public final class CogVideoXFile {
  public static final List<Integer> WIDTHS = List.of(32, 32, 64, 64);
  public static final int LAYERS = 1;
  public static final int LATENT = 4;

  private final Map<String, long[]> shapes = new LinkedHashMap<>();

  private CogVideoXFile() {
    conv("encoder.conv_in.conv", WIDTHS.get(0), 3, 3);
    for (int i = 0; i < 4; i++) {
      int in = WIDTHS.get(Math.max(0, i - 1));
      int out = WIDTHS.get(i);
      for (int k = 0; k < LAYERS; k++) {
        block("encoder.down_blocks." + i + ".resnets." + k, k == 0 ? in : out, out, false);
      }
      if (i < 3) {
        sampler("encoder.down_blocks." + i + ".downsamplers.0.conv", out);
      }
    }
    middle("encoder", false);
    vector("encoder.norm_out", 64);
    conv("encoder.conv_out.conv", 2 * LATENT, 64, 3);
    conv("decoder.conv_in.conv", 64, LATENT, 3);
    middle("decoder", true);
    for (int i = 0; i < 4; i++) {
      int in = WIDTHS.get(Math.min(3, 4 - i));
      int out = WIDTHS.get(3 - i);
      for (int k = 0; k <= LAYERS; k++) {
        block("decoder.up_blocks." + i + ".resnets." + k, k == 0 ? in : out, out, true);
      }
      if (i < 3) {
        sampler("decoder.up_blocks." + i + ".upsamplers.0.conv", out);
      }
    }
    norm("decoder.norm_out", 32, true);
    conv("decoder.conv_out.conv", 3, 32, 3);
  }

  /** Shapes by name. */
  public static Map<String, long[]> shapes() {
    return new CogVideoXFile().shapes;
  }

  private void middle(String part, boolean conditioned) {
    for (int k = 0; k < 2; k++) {
      block(part + ".mid_block.resnets." + k, 64, 64, conditioned);
    }
  }

  private void block(String name, int in, int out, boolean conditioned) {
    norm(name + ".norm1", in, conditioned);
    norm(name + ".norm2", out, conditioned);
    conv(name + ".conv1.conv", out, in, 3);
    conv(name + ".conv2.conv", out, out, 3);
    if (in != out) {
      conv(name + ".conv_shortcut", out, in, 1);
    }
  }

  private void norm(String name, int channels, boolean conditioned) {
    if (!conditioned) {
      vector(name, channels);
      return;
    }
    vector(name + ".norm_layer", channels);
    conv(name + ".conv_y.conv", channels, LATENT, 1);
    conv(name + ".conv_b.conv", channels, LATENT, 1);
  }

  private void vector(String name, int channels) {
    shapes.put(name + ".weight", new long[] {channels});
    shapes.put(name + ".bias", new long[] {channels});
  }

  private void conv(String name, int out, int in, int k) {
    shapes.put(name + ".weight", new long[] {out, in, k, k, k});
    shapes.put(name + ".bias", new long[] {out});
  }

  private void sampler(String name, int channels) {
    shapes.put(name + ".weight", new long[] {channels, channels, 3, 3});
    shapes.put(name + ".bias", new long[] {channels});
  }

  /**
   * Random weights that 16 bits of a format hold exactly.
   *
   * @param stored in 16 bits, or as float32 with the same values
   */
  public static void write(
      Path file, HalfFloats.Format format, boolean stored, Map<String, long[]> shapes)
      throws IOException {
    SafeTensorsWriter writer = new SafeTensorsWriter().metadata("format", "pt");
    shapes.forEach((name, shape) -> {
      int count = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
      HalfFloats halves = HalfFloats.round(format, values(name, count, shape));
      if (stored) {
        writer.halves(name, shape, halves);
      } else {
        writer.floats(name, shape, halves.widen(engine.tensor.Shape.of(count)).toArray());
      }
    });
    writer.write(file);
  }

  private static float[] values(String name, int count, long[] shape) {
    float[] values = Doubles.normal(count, name.hashCode());
    double scale = shape.length == 1 ? 0.1 : 1 / Math.sqrt((double) count / shape[0]);
    for (int i = 0; i < count; i++) {
      values[i] =
          (float) (values[i] * scale) + (name.contains("norm") && shape.length == 1 ? 1 : 0);
    }
    return values;
  }
}
