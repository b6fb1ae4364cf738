package medsora.metric.distance;

import java.util.ArrayList;
import java.util.List;
import medsora.media.Clip;
import medsora.metric.ClipStatistics;

/** How the frames of clips look and flicker, clip after clip. */
public final class ClipLooks {
  private final ColourGamut gamut = new ColourGamut();
  private final ColourCounts colours = new ColourCounts();
  private final List<Double> flickers = new ArrayList<>();

  /** Adds a clip. */
  public void add(Clip clip) {
    gamut.add(clip);
    colours.add(clip);
    flickers.add(ClipStatistics.of(List.of(clip)).frameDifference());
  }

  /** The colours of all clips. */
  public ColourGamut gamut() {
    return gamut;
  }

  /** How often each value of each colour occurs. */
  public ColourCounts colours() {
    return colours;
  }

  /** The mean absolute difference of a pixel to the next frame's, on the scale -1..1. */
  public double flicker() {
    return flickers.stream().reduce(0.0, Double::sum) / Math.max(1, flickers.size());
  }

  /** The same of each clip, in their order. */
  public List<Double> flickers() {
    return List.copyOf(flickers);
  }
}
