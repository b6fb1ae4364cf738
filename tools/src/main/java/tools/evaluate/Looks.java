package tools.evaluate;

import java.util.List;
import java.util.Locale;
import medsora.metric.distance.ClipLooks;
import medsora.metric.distance.ClipMotion;

/**
 * What can be said of clips without any network.
 *
 * @param flickerReal mean absolute difference from frame to frame, on the scale -1..1
 * @param flickerGenerated the same
 * @param beyondGamutReal share of the pixels beyond the real gamut
 * @param beyondGamutGenerated the same
 * @param motion of some clips, or null
 */
public record Looks(
    double flickerReal,
    double flickerGenerated,
    double beyondGamutReal,
    double beyondGamutGenerated,
    Motion motion) {
  /**
   * How pixels move.
   *
   * @param clips of each set, at most
   * @param warpErrorReal mean difference of a frame to the next one warped back, -1..1
   * @param warpErrorGenerated the same
   * @param stillErrorReal the same without warping
   * @param stillErrorGenerated the same
   * @param lengthReal mean length of the flow in pixels a frame
   * @param lengthGenerated the same
   * @param distance of the two distributions of lengths, in pixels
   */
  public record Motion(
      int clips,
      double warpErrorReal,
      double warpErrorGenerated,
      double stillErrorReal,
      double stillErrorGenerated,
      double lengthReal,
      double lengthGenerated,
      double distance) {
    /** Of the clips that were added. */
    public static Motion of(ClipMotion real, ClipMotion generated) {
      return new Motion(
          Math.max(real.clips(), generated.clips()),
          real.consistency().warped(),
          generated.consistency().warped(),
          real.consistency().still(),
          generated.consistency().still(),
          real.magnitudes().mean(),
          generated.magnitudes().mean(),
          real.magnitudes().distance(generated.magnitudes()));
    }
  }

  /**
   * Compares two sets.
   *
   * @param motion or null
   */
  public static Looks of(ClipLooks real, ClipLooks generated, Motion motion) {
    return new Looks(
        real.flicker(),
        generated.flicker(),
        real.gamut().shareBeyond(real.gamut()),
        generated.gamut().shareBeyond(real.gamut()),
        motion);
  }

  List<String> lines() {
    List<String> lines =
        new java.util.ArrayList<>(
            List.of(
                line("flicker (-1..1)", flickerReal, flickerGenerated),
                line("pixels beyond the real gamut", beyondGamutReal, beyondGamutGenerated)));
    if (motion != null) {
      String of = " (TV-L1, " + motion.clips + " clips)";
      lines.add(line("warp error" + of, motion.warpErrorReal, motion.warpErrorGenerated));
      lines.add(line("the same without flow", motion.stillErrorReal, motion.stillErrorGenerated));
      lines.add(line("flow, px a frame", motion.lengthReal, motion.lengthGenerated));
      lines.add(
          String.format(
              Locale.ROOT, "%-40s %.4f", "distance of flow lengths, px", motion.distance));
    }
    return lines;
  }

  private static String line(String name, double real, double generated) {
    return String.format(Locale.ROOT, "%-40s %.4f generated, %.4f real", name, generated, real);
  }
}
