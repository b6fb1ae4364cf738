package tools.trace;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import medsora.metric.distance.Quantiles;

/**
 * Where the latents of the data lie, channel by channel.
 *
 * @param means of each channel
 * @param deviations of each channel
 * @param low 0.1 percentile of each channel
 * @param high 99.9 percentile
 */
public record LatentRange(
    List<Double> means, List<Double> deviations, List<Double> low, List<Double> high) {
  private static final double TAIL = 0.001;

  /** What is beyond is so by a tenth of the range. */
  private static final double MARGIN = 0.1;

  /**
   * Of latents.
   *
   * @param clips each [C, places], channel by channel
   */
  public static LatentRange of(List<float[]> clips, int channels) {
    List<Double> means = new ArrayList<>();
    List<Double> deviations = new ArrayList<>();
    List<Double> low = new ArrayList<>();
    List<Double> high = new ArrayList<>();
    for (int c = 0; c < channels; c++) {
      double[] values = channel(clips, c, channels);
      double mean = Arrays.stream(values).reduce(0, Double::sum) / values.length;
      double squares = Arrays.stream(values).map(v -> v * v).reduce(0, Double::sum) / values.length;
      Arrays.sort(values);
      means.add(mean);
      deviations.add(Math.sqrt(squares - (mean * mean)));
      low.add(Quantiles.of(values, TAIL));
      high.add(Quantiles.of(values, 1 - TAIL));
    }
    return new LatentRange(means, deviations, low, high);
  }

  public int channels() {
    return means.size();
  }

  private static double[] channel(List<float[]> clips, int c, int channels) {
    int places = clips.getFirst().length / channels;
    double[] values = new double[clips.size() * places];
    for (int i = 0; i < values.length; i++) {
      values[i] = clips.get(i / places)[(c * places) + (i % places)];
    }
    return values;
  }

  /** The share of values that lie outside of their channel's range, widened. */
  public double shareBeyond(float[] latents) {
    int places = latents.length / means.size();
    int beyond = 0;
    for (int i = 0; i < latents.length; i++) {
      int c = i / places;
      double margin = MARGIN * (high.get(c) - low.get(c));
      beyond += latents[i] < low.get(c) - margin || latents[i] > high.get(c) + margin ? 1 : 0;
    }
    return (double) beyond / latents.length;
  }

  /** The same latents, each brought into its channel's range. */
  public float[] bounded(float[] latents) {
    int places = latents.length / means.size();
    float[] out = latents.clone();
    for (int i = 0; i < out.length; i++) {
      int c = i / places;
      out[i] = (float) Math.clamp(out[i], low.get(c), high.get(c));
    }
    return out;
  }

  /** A line for each channel. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (int c = 0; c < means.size(); c++) {
      lines.add(
          "latent channel %d: mean %.2f, deviation %.2f, from %.2f to %.2f"
              .formatted(c, means.get(c), deviations.get(c), low.get(c), high.get(c)));
    }
    return lines;
  }
}
