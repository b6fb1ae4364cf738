package medsora.metric.distance;

import java.util.ArrayList;
import java.util.List;

/** How pixels move in clips, and how well frames follow from each other by it. */
public final class ClipMotion {
  private final FlowMagnitudes magnitudes = FlowMagnitudes.ofCounts();
  private final List<MotionOfClip> clips = new ArrayList<>();

  /** Adds a clip. */
  public void add(MotionOfClip clip) {
    magnitudes.add(clip.lengths());
    clips.add(clip);
  }

  /** The clips that were added, in their order. */
  public List<MotionOfClip> clips() {
    return List.copyOf(clips);
  }

  /** How far pixels move. */
  public FlowMagnitudes magnitudes() {
    return magnitudes;
  }
}
