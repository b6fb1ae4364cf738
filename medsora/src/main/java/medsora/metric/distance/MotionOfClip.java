package medsora.metric.distance;

import java.util.Arrays;
import java.util.List;
import medsora.flow.FlowEstimator;
import medsora.media.Clip;
import medsora.metric.FlowConsistency;

/**
 * How the pixels of one clip move.
 *
 * @param consistency how well frames follow from each other by the flow; not numbers where every
 *     pixel leaves the picture
 * @param lengths of the flow, a histogram
 */
public record MotionOfClip(FlowConsistency consistency, FlowMagnitudes lengths) {
  /** Floats of {@link #kept}. */
  public static final int KEPT = 2 * FloatTriples.SIZE + 2 * FlowMagnitudes.BINS;

  /** A count is kept as two whole numbers, each exact in float32. */
  private static final long LOW = 1L << 20;

  /** Measures a clip of at least two frames. */
  public static MotionOfClip of(Clip clip, FlowEstimator estimator) {
    FlowMagnitudes lengths = new FlowMagnitudes(estimator);
    return new MotionOfClip(FlowConsistency.of(List.of(clip), lengths), lengths);
  }

  /** As floats that a file of features holds. */
  public float[] kept() {
    float[] out = new float[KEPT];
    FloatTriples.put(out, 0, consistency.warped());
    FloatTriples.put(out, FloatTriples.SIZE, consistency.still());
    int at = 2 * FloatTriples.SIZE;
    for (long count : lengths.counts()) {
      out[at++] = count / LOW;
      out[at++] = count % LOW;
    }
    return out;
  }

  /** What was kept. */
  public static MotionOfClip ofKept(float[] kept) {
    long[] counts = new long[FlowMagnitudes.BINS];
    Arrays.setAll(
        counts,
        i -> {
          int at = 2 * FloatTriples.SIZE + 2 * i;
          return (long) kept[at] * LOW + (long) kept[at + 1];
        });
    FlowConsistency consistency =
        new FlowConsistency(FloatTriples.get(kept, 0), FloatTriples.get(kept, FloatTriples.SIZE));
    return new MotionOfClip(consistency, FlowMagnitudes.ofCounts(counts));
  }
}
