package medsora.metric.distance;

import engine.tensor.Tensor;
import medsora.flow.FlowEstimator;

/**
 * A histogram of how far pixels move from frame to frame, in pixels, gathered while another metric
 * asks for flow: it hands on the flow of an estimator. Bins are an eighth of a pixel wide; what
 * moves 32 pixels or more is in the last one. Lengths are those of float32 components in double, so
 * that counts, and with them every result, are whole numbers on every machine.
 */
public final class FlowMagnitudes implements FlowEstimator {
  /** Width of a bin in pixels. */
  public static final double WIDTH = 0.125;

  /** Number of bins. */
  public static final int BINS = 257;

  private final FlowEstimator estimator;
  private final long[] counts = new long[BINS];
  private long total;

  public FlowMagnitudes(FlowEstimator estimator) {
    this.estimator = estimator;
  }

  /**
   * A histogram that was gathered before, or an empty one; it estimates no flow.
   *
   * @param counts of the bins, {@link #BINS} or none
   */
  public static FlowMagnitudes ofCounts(long... counts) {
    if (counts.length != 0 && counts.length != BINS) {
      throw new IllegalArgumentException("[flow lengths] %d bins".formatted(counts.length));
    }
    FlowMagnitudes out =
        new FlowMagnitudes((first, second) -> {
          throw new UnsupportedOperationException("[flow lengths] a histogram estimates no flow");
        });
    for (int bin = 0; bin < counts.length; bin++) {
      out.add(bin, counts[bin]);
    }
    return out;
  }

  /** Adds the lengths of another one. */
  public void add(FlowMagnitudes other) {
    for (int bin = 0; bin < BINS; bin++) {
      add(bin, other.counts[bin]);
    }
  }

  /** A copy of the counts. */
  public long[] counts() {
    return counts.clone();
  }

  /** The estimator's flow of pictures [n, 3, H, W], [n, 2, H, W]. */
  @Override
  public Tensor flow(Tensor first, Tensor second) {
    Tensor flow = estimator.flow(first, second);
    float[] uv = flow.toArray();
    int plane = flow.dim(2) * flow.dim(3);
    for (int pair = 0; pair < flow.dim(0); pair++) {
      for (int i = 0; i < plane; i++) {
        double u = uv[2 * pair * plane + i];
        double v = uv[(2 * pair + 1) * plane + i];
        add(Math.sqrt(u * u + v * v));
      }
    }
    return flow;
  }

  private void add(double length) {
    add(Math.min(BINS - 1, (int) (length / WIDTH)), 1);
  }

  private void add(int bin, long times) {
    counts[bin] += times;
    total += times;
  }

  /** The mean length in pixels, every length taken as the middle of its bin. */
  public double mean() {
    double sum = 0;
    for (int bin = 0; bin < BINS; bin++) {
      sum += counts[bin] * (bin + 0.5) * WIDTH;
    }
    return sum / Math.max(1, total);
  }

  /**
   * The area between the two cumulative histograms (Wasserstein's distance of order 1), in pixels:
   * how much farther or less far the pixels of one set move on average, rank by rank.
   */
  public double distance(FlowMagnitudes other) {
    double area = 0;
    double here = 0;
    double there = 0;
    for (int bin = 0; bin < BINS; bin++) {
      here += counts[bin];
      there += other.counts[bin];
      area += Math.abs(here / Math.max(1, total) - there / Math.max(1, other.total)) * WIDTH;
    }
    return area;
  }
}
