package medsora.baseline.downstream;

import engine.op.attention.Attention;
import engine.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Labels that a classifier gives unlabelled clips, where it is sure. Its distributions are divided
 * by the mean of what it gave lately, so that one class does not take all (distribution alignment),
 * and brought to sum 1 again; a clip counts whose largest share reaches the threshold.
 */
public final class PseudoLabels {
  /** As published. */
  public static final double THRESHOLD = 0.95;

  /** Batches that "lately" means. */
  public static final int WINDOW = 32;

  private final double threshold;
  private final int window;
  private final Deque<double[]> lately = new ArrayDeque<>();

  /**
   * Labels of a batch.
   *
   * @param aligned distributions, row by row
   * @param score the largest share of each row
   * @param label its class
   * @param mask 1 where the score reaches the threshold, else 0
   */
  public record Labels(float[] aligned, float[] score, int[] label, float[] mask) {}

  /**
   * @param threshold of scores that count
   * @param window batches whose means are remembered, this one included
   */
  public PseudoLabels(double threshold, int window) {
    if (!(threshold >= 0 && threshold <= 1) || window < 1) {
      throw new IllegalArgumentException(
          "[pseudo-labels] wants a threshold from 0 to 1 and a window of 1 and more, got %s and %d"
              .formatted(threshold, window));
    }
    this.threshold = threshold;
    this.window = window;
  }

  /** Forgets; published at the beginning of every epoch. */
  public void clear() {
    lately.clear();
  }

  /**
   * Labels of the next batch.
   *
   * @param logits [N, classes] of weakly changed clips; no gradient passes
   */
  public Labels next(Tensor logits) {
    int n = logits.dim(0);
    int k = logits.dim(1);
    float[] p = Attention.softmax(logits.detach()).toArray();
    remember(p, n, k);
    double[] mean = mean(k);
    float[] aligned = new float[n * k];
    float[] score = new float[n];
    float[] mask = new float[n];
    int[] label = new int[n];
    for (int i = 0; i < n; i++) {
      double sum = 0;
      for (int c = 0; c < k; c++) {
        sum += p[i * k + c] / mean[c];
      }
      for (int c = 0; c < k; c++) {
        aligned[i * k + c] = (float) (p[i * k + c] / mean[c] / sum);
        if (aligned[i * k + c] > score[i]) {
          score[i] = aligned[i * k + c];
          label[i] = c;
        }
      }
      mask[i] = score[i] >= threshold ? 1 : 0;
    }
    return new Labels(aligned, score, label, mask);
  }

  private void remember(float[] p, int n, int k) {
    double[] mean = new double[k];
    for (int i = 0; i < p.length; i++) {
      mean[i % k] += (double) p[i] / n;
    }
    lately.addLast(mean);
    if (lately.size() > window) {
      lately.removeFirst();
    }
  }

  private double[] mean(int k) {
    double[] mean = new double[k];
    for (double[] one : lately) {
      for (int c = 0; c < k; c++) {
        mean[c] += one[c] / lately.size();
      }
    }
    return mean;
  }
}
