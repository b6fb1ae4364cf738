package tools.trace;

import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import medsora.Autoencoder;
import medsora.Generator;
import medsora.media.Clip;

/**
 * How clips of one way to sample leave the range of the data's latents, step by step.
 *
 * @param start share of the estimates of x_0 that lie beyond it, by step, the noisiest first
 * @param deviations of these estimates, over all values
 * @param drawn latents [1, C, f, h, w] of each clip
 */
public record SamplingTrace(List<Double> start, List<Double> deviations, List<Tensor> drawn) {
  private static final int SHOWN = 10;

  public static SamplingTrace of(
      Generator generator, LatentRange range, int clips, int steps, int frames) {
    double[] beyond = new double[steps];
    double[] squares = new double[steps];
    List<Tensor> drawn = new ArrayList<>();
    for (int i = 0; i < clips; i++) {
      Tensor z =
          generator.latents(
              0,
              i,
              (k, x, start) -> {
                float[] values = LatentClips.ofVideo(start, frames).toArray();
                beyond[steps - 1 - k] += range.shareBeyond(values) / clips;
                double sum = 0;
                for (float v : values) {
                  sum += (double) v * v;
                }
                squares[steps - 1 - k] += sum / values.length / clips;
              });
      drawn.add(LatentClips.ofVideo(z, frames));
    }
    List<Double> shares = new ArrayList<>();
    List<Double> deviations = new ArrayList<>();
    for (int k = 0; k < steps; k++) {
      shares.add(beyond[k]);
      deviations.add(Math.sqrt(squares[k]));
    }
    return new SamplingTrace(shares, deviations, drawn);
  }

  /** Share of the drawn latents beyond the range. */
  public double beyond(LatentRange range) {
    double sum = 0;
    for (Tensor z : drawn) {
      sum += range.shareBeyond(z.toArray()) / drawn.size();
    }
    return sum;
  }

  /** How much the drawn latents vary, of the data's: the mean over channels. */
  public double spread(LatentRange range) {
    LatentRange own =
        LatentRange.of(drawn.stream().map(Tensor::toArray).toList(), range.channels());
    double sum = 0;
    for (int c = 0; c < range.channels(); c++) {
      sum += own.deviations().get(c) / range.deviations().get(c);
    }
    return sum / range.channels();
  }

  /** Some steps, the first and the last among them. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    int steps = start.size();
    int shown = Math.min(SHOWN, steps);
    for (int i = 0; i < shown; i++) {
      int k = shown == 1 ? 0 : i * (steps - 1) / (shown - 1);
      lines.add(
          "step %d of %d: deviation of x_0 %.2f, %.2f %% beyond the data's range"
              .formatted(k + 1, steps, deviations.get(k), 100 * start.get(k)));
    }
    return lines;
  }

  /** What a viewer sees of the drawn latents, or of these brought into the data's range. */
  public List<Clip> clips(Autoencoder autoencoder, LatentRange range, boolean bounded) {
    List<Clip> clips = new ArrayList<>();
    for (Tensor z : drawn) {
      Tensor latents = bounded ? Tensor.of(z.shape(), range.bounded(z.toArray())) : z;
      clips.add(autoencoder.decode("sample", latents, null).shown());
    }
    return clips;
  }
}
