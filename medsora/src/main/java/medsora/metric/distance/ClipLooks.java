package medsora.metric.distance;

import java.util.List;
import medsora.media.Clip;
import medsora.metric.ClipStatistics;

/** How the frames of clips look and flicker, clip after clip. */
public final class ClipLooks {
  private final ColourGamut gamut = new ColourGamut();
  private double difference;
  private long clips;

  /** Adds a clip. */
  public void add(Clip clip) {
    gamut.add(clip);
    difference += ClipStatistics.of(List.of(clip)).frameDifference();
    clips++;
  }

  /** The colours of all clips. */
  public ColourGamut gamut() {
    return gamut;
  }

  /** The mean absolute difference of a pixel to the next frame's, on the scale -1..1. */
  public double flicker() {
    return difference / Math.max(1, clips);
  }
}
