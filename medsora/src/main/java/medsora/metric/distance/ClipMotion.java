package medsora.metric.distance;

import java.util.List;
import medsora.flow.FlowEstimator;
import medsora.media.Clip;
import medsora.metric.FlowConsistency;

/** How pixels move in clips, and how well frames follow from each other by it. */
public final class ClipMotion {
  private final FlowMagnitudes magnitudes;
  private double warped;
  private double still;
  private int clips;

  public ClipMotion(FlowEstimator estimator) {
    magnitudes = new FlowMagnitudes(estimator);
  }

  /** Adds a clip of at least two frames. */
  public void add(Clip clip) {
    FlowConsistency found = FlowConsistency.of(List.of(clip), magnitudes);
    warped += found.warped();
    still += found.still();
    clips++;
  }

  /** How many clips were added. */
  public int clips() {
    return clips;
  }

  /** The mean over the clips of {@link FlowConsistency}. */
  public FlowConsistency consistency() {
    int n = Math.max(1, clips);
    return new FlowConsistency(warped / n, still / n);
  }

  /** How far pixels move. */
  public FlowMagnitudes magnitudes() {
    return magnitudes;
  }
}
