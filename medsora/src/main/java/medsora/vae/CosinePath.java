package medsora.vae;

import static engine.op.layout.Layout.permute;
import static engine.op.layout.Layout.reshape;

import engine.autodiff.Tape;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import nn.Module;
import nn.init.Initializer;
import nn.layer.Linear;

/**
 * A linear way from the pixels that lie under a latent place to the latents of that place, or back:
 * one matrix for all places, beside the convolutions of encoder or decoder. It begins as the lowest
 * frequencies of the discrete cosine transform over colour, time, height and width, so that an
 * autoencoder whose last convolutions begin at zero is that transform before training, and the
 * convolutions learn what it lacks.
 *
 * <p>With n = 3 * 4 * f * f pixels to a place, the encoder's matrix begins as D / 4 and the
 * decoder's as 4 D^T, D orthonormal [C, n].
 */
final class CosinePath extends Module {
  private static final int COLOURS = 3;
  private static final int TIME = VaeConfig.TIME_FACTOR;

  /** Brings the mean colour of a place to about unit deviation. */
  private static final double SCALE = 4;

  /** What a frequency costs: in clips, those of time and colour carry more than those of space. */
  private static final double COST_OF_TIME = 0.8;

  private static final double POWER_OF_SPACE = 1.4;
  private static final double[] COST_OF_COLOUR = {0, 1.3, 1.7};

  /** Grey, red against blue, green against both; orthonormal. */
  private static final double[][] COLOUR = {
    {1 / Math.sqrt(3), 1 / Math.sqrt(3), 1 / Math.sqrt(3)},
    {1 / Math.sqrt(2), 0, -1 / Math.sqrt(2)},
    {1 / Math.sqrt(6), -2 / Math.sqrt(6), 1 / Math.sqrt(6)}
  };

  private final int channels;
  private final int side;
  private final Linear matrix;

  /** A frequency of the transform, each counted in half periods. */
  private record Frequency(int colour, int time, int row, int column) {
    double cost() {
      return COST_OF_COLOUR[colour]
          + (COST_OF_TIME * time)
          + StrictMath.pow(row, POWER_OF_SPACE)
          + StrictMath.pow(column, POWER_OF_SPACE);
    }
  }

  private CosinePath(VaeConfig config, boolean encodes) {
    this.channels = config.latentChannels();
    this.side = config.spaceFactor();
    int pixels = COLOURS * TIME * side * side;
    if (channels > pixels) {
      throw new IllegalArgumentException(
          "[vae] a cosine path of %d channels wants as many pixels to a place, got %d"
              .formatted(channels, pixels));
    }
    Initializer first = (data, shape, key) -> fill(data, encodes);
    this.matrix =
        child(
            "matrix",
            encodes
                ? new Linear(pixels, channels, true, first)
                : new Linear(channels, pixels, true, first));
  }

  /** From frames to latents. */
  static CosinePath encoding(VaeConfig config) {
    return new CosinePath(config, true);
  }

  /** From latents to frames. */
  static CosinePath decoding(VaeConfig config) {
    return new CosinePath(config, false);
  }

  /** [b, 3, T, H, W] -> [b, C, T/4, H/f, W/f]. */
  Tensor encode(Tensor x) {
    Shape s = x.shape();
    int t = s.dim(2) / TIME;
    int h = s.dim(3) / side;
    int w = s.dim(4) / side;
    return Tape.scoped(() -> {
      Tensor parts = reshape(x, s.dim(0), COLOURS, t, TIME, h, side, w, side);
      Tensor rows = permute(parts, 0, 2, 4, 6, 1, 3, 5, 7);
      Tensor flat = reshape(rows, s.dim(0) * t * h * w, COLOURS * TIME * side * side);
      Tensor latents = reshape(matrix.forward(flat), s.dim(0), t, h, w, channels);
      return permute(latents, 0, 4, 1, 2, 3);
    });
  }

  /** [b, C, t, h, w] -> [b, 3, 4t, f h, f w]. */
  Tensor decode(Tensor z) {
    Shape s = z.shape();
    int t = s.dim(2);
    int h = s.dim(3);
    int w = s.dim(4);
    return Tape.scoped(() -> {
      Tensor rows = reshape(permute(z, 0, 2, 3, 4, 1), s.dim(0) * t * h * w, channels);
      Tensor parts = reshape(matrix.forward(rows), s.dim(0), t, h, w, COLOURS, TIME, side, side);
      Tensor frames = permute(parts, 0, 4, 1, 5, 2, 6, 3, 7);
      return reshape(frames, s.dim(0), COLOURS, t * TIME, h * side, w * side);
    });
  }

  private void fill(float[] data, boolean encodes) {
    List<Frequency> kept = lowest();
    int pixels = data.length / channels;
    for (int c = 0; c < channels; c++) {
      for (int p = 0; p < pixels; p++) {
        double value = value(kept.get(c), p);
        data[encodes ? (c * pixels) + p : (p * channels) + c] =
            (float) (encodes ? value / SCALE : value * SCALE);
      }
    }
  }

  /** The cheapest frequencies, the mean first. */
  private List<Frequency> lowest() {
    List<Frequency> all = new ArrayList<>();
    for (int colour = 0; colour < COLOURS; colour++) {
      for (int time = 0; time < TIME; time++) {
        for (int place = 0; place < side * side; place++) {
          all.add(new Frequency(colour, time, place / side, place % side));
        }
      }
    }
    all.sort(Comparator.comparingDouble(Frequency::cost));
    return all.subList(0, channels);
  }

  /** A frequency's value at a pixel, which is numbered by colour, time, row and column. */
  private double value(Frequency f, int pixel) {
    int column = pixel % side;
    int row = pixel / side % side;
    int time = pixel / (side * side) % TIME;
    int colour = pixel / (side * side * TIME);
    return COLOUR[f.colour][colour]
        * cosine(f.time, time, TIME)
        * cosine(f.row, row, side)
        * cosine(f.column, column, side);
  }

  /** DCT-II, orthonormal. */
  private static double cosine(int k, int x, int n) {
    double norm = Math.sqrt((k == 0 ? 1.0 : 2.0) / n);
    return norm * StrictMath.cos(StrictMath.PI * (x + 0.5) * k / n);
  }
}
