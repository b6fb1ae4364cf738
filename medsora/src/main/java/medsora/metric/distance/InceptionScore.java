package medsora.metric.distance;

import java.util.ArrayList;
import java.util.List;

/**
 * The inception score (Salimans et al. 2016) of the logits of pictures or clips. For each split of
 * the rows exp(mean_i sum_c p_ic (ln p_ic - ln mean_i p_ic)), p being the softmax; the result is
 * the mean over the splits, and the deviation that of a whole population. Split k of K has the rows
 * from floor(k n / K) to floor((k + 1) n / K), n being the number of rows there really are.
 *
 * <p>In double from the logits on: float32 probabilities underflow to 0 and give 0 ln 0. A
 * probability that is 0 even in double adds nothing.
 *
 * @param mean over the splits, from 1 to the number of classes
 * @param deviation of the splits
 * @param splits their scores
 */
public record InceptionScore(double mean, double deviation, List<Double> splits) {
  public InceptionScore {
    splits = List.copyOf(splits);
  }

  /**
   * Scores logits.
   *
   * @param logits a row of one value a class for each sample
   * @param splits at least 1, at most one a row; 10 in all public programs
   * @param order the rows are brought into first
   */
  public static InceptionScore of(FeatureRows logits, int splits, RowOrder order) {
    int n = logits.count();
    if (splits < 1 || splits > n) {
      throw new IllegalArgumentException(
          "[inception score] %d rows of %s cannot be cut into %d splits"
              .formatted(n, logits.name(), splits));
    }
    FeatureRows rows = logits.pick(order.of(n));
    List<Double> scores = new ArrayList<>();
    int[] bounds = bounds(n, splits);
    for (int k = 0; k < splits; k++) {
      scores.add(score(rows, bounds[k], bounds[k + 1]));
    }
    double mean = scores.stream().reduce(0.0, Double::sum) / splits;
    double squares = scores.stream().map(s -> (s - mean) * (s - mean)).reduce(0.0, Double::sum);
    return new InceptionScore(mean, Math.sqrt(squares / splits), scores);
  }

  /** Where the splits begin, and the end: floor(k n / splits) for k = 0 .. splits. */
  public static int[] bounds(int n, int splits) {
    int[] bounds = new int[splits + 1];
    for (int k = 0; k <= splits; k++) {
      bounds[k] = (int) ((long) k * n / splits);
    }
    return bounds;
  }

  private static double score(FeatureRows rows, int from, int to) {
    int classes = rows.dimensions();
    double[] mean = new double[classes];
    double[] logOfMean = new double[classes];
    double entropies = 0;
    for (int i = from; i < to; i++) {
      double[] logs = logSoftmax(rows.row(i));
      for (int c = 0; c < classes; c++) {
        double p = StrictMath.exp(logs[c]);
        mean[c] += p;
        entropies += p * logs[c];
      }
    }
    for (int c = 0; c < classes; c++) {
      mean[c] /= to - from;
      logOfMean[c] = mean[c] == 0 ? 0 : StrictMath.log(mean[c]);
    }
    // mean_i sum_c p_ic ln mean_c = sum_c mean_c ln mean_c
    double ofMean = 0;
    for (int c = 0; c < classes; c++) {
      ofMean += mean[c] * logOfMean[c];
    }
    return StrictMath.exp(entropies / (to - from) - ofMean);
  }

  private static double[] logSoftmax(float[] logits) {
    double largest = Double.NEGATIVE_INFINITY;
    for (float v : logits) {
      largest = Math.max(largest, v);
    }
    double sum = 0;
    for (float v : logits) {
      sum += StrictMath.exp(v - largest);
    }
    double log = largest + StrictMath.log(sum);
    double[] out = new double[logits.length];
    for (int c = 0; c < out.length; c++) {
      out[c] = logits[c] - log;
    }
    return out;
  }
}
