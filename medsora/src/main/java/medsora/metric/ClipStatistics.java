package medsora.metric;

import java.util.List;
import medsora.media.Clip;

/**
 * What clips look like on the whole, on the [-1, 1] scale.
 *
 * @param means mean of each channel over all pixels, frames and clips
 * @param deviations standard deviation of each channel over the same
 * @param frameDifference mean absolute difference of a pixel to the same pixel one frame later
 */
public record ClipStatistics(double[] means, double[] deviations, double frameDifference) {
  /**
   * Measures clips.
   *
   * @param clips of any sizes and lengths
   */
  public static ClipStatistics of(List<Clip> clips) {
    double[] sums = new double[3];
    double[] squares = new double[3];
    double difference = 0;
    long count = 0;
    long differences = 0;
    for (Clip clip : clips) {
      float[] values = clip.values();
      int plane = clip.height() * clip.width();
      int perChannel = clip.length() * plane;
      for (int i = 0; i < values.length; i++) {
        int c = i / perChannel;
        sums[c] += values[i];
        squares[c] += (double) values[i] * values[i];
        if (i % perChannel < perChannel - plane) {
          difference += Math.abs(values[i + plane] - values[i]);
          differences++;
        }
      }
      count += perChannel;
    }
    double[] deviations = new double[3];
    for (int c = 0; c < 3; c++) {
      sums[c] /= count;
      deviations[c] = Math.sqrt(Math.max(0, (squares[c] / count) - (sums[c] * sums[c])));
    }
    return new ClipStatistics(sums, deviations, difference / Math.max(1, differences));
  }
}
