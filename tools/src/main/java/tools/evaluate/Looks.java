package tools.evaluate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import medsora.metric.distance.ClipMotion;
import medsora.metric.distance.Copying;
import medsora.metric.distance.MotionOfClip;
import medsora.metric.protocol.MeanInterval;

/**
 * What can be said of clips without any network.
 *
 * @param means over clips
 * @param beyondGamutReal share of the pixels beyond the real gamut
 * @param beyondGamutGenerated the same
 * @param flowDistance of the two distributions of lengths of the flow, in pixels; null without
 *     motion
 */
public record Looks(
    List<Mean> means, double beyondGamutReal, double beyondGamutGenerated, Double flowDistance) {
  /** What is measured of each clip. */
  public enum Kind {
    FLICKER(
        "flicker",
        "mean absolute difference of a pixel to the next frame's, on the scale -1..1; less than the"
            + " data's is too still or too smooth, more is flicker"),
    WARP_ERROR(
        "warp error",
        "mean difference of a frame to the next one, read where TV-L1 flow leads; more than the"
            + " data's: frames do not follow from each other by motion"),
    STILL_ERROR("error without flow", "the same with a flow of 0: how much there is to move"),
    FLOW_LENGTH("flow length", "how far pixels move from frame to frame, in pixels"),
    NEAREST(
        "distance to the nearest real clip",
        "by thumbnails, at any begin in any real video; of real clips to those of other videos, or of"
            + " held-out clips");

    private final String shown;
    private final String meaning;

    Kind(String shown, String meaning) {
      this.shown = shown;
      this.meaning = meaning;
    }

    /** Its name in print. */
    public String shown() {
      return shown;
    }

    /** What it says, in one line. */
    public String meaning() {
      return meaning;
    }

    /** Its name in the JSON. */
    public String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Values of the clips of both sets, and their means.
   *
   * @param real of each real clip, in their order; of the nearest, of each reference, ascending
   * @param generated of each generated clip, in their order
   */
  public record Mean(
      Kind kind,
      List<Double> real,
      List<Double> generated,
      MeanInterval meanOfReal,
      MeanInterval meanOfGenerated) {
    static Mean of(Kind kind, List<Double> real, List<Double> generated, long seed) {
      return new Mean(
          kind, real, generated, MeanInterval.of(real, seed), MeanInterval.of(generated, seed));
    }
  }

  public Looks {
    means = List.copyOf(means);
  }

  /** Of what was seen. */
  public static Looks of(Seen seen, long seed) {
    List<Mean> means = new ArrayList<>();
    means.add(
        Mean.of(
            Kind.FLICKER, seen.looksOfReal().flickers(), seen.looksOfGenerated().flickers(), seed));
    Double distance = null;
    if (seen.motion() != null) {
      ClipMotion real = seen.motion().real();
      ClipMotion generated = seen.motion().generated();
      for (Kind kind : List.of(Kind.WARP_ERROR, Kind.STILL_ERROR, Kind.FLOW_LENGTH)) {
        List<Double> first = values(kind, real);
        List<Double> second = values(kind, generated);
        if (!first.isEmpty() && !second.isEmpty()) {
          means.add(Mean.of(kind, first, second, seed));
        }
      }
      distance = real.magnitudes().distance(generated.magnitudes());
    }
    Copying copying = seen.copies().copying();
    means.add(Mean.of(Kind.NEAREST, copying.reference(), nearest(copying), seed));
    return new Looks(
        means,
        seen.looksOfReal().gamut().shareBeyond(seen.looksOfReal().gamut()),
        seen.looksOfGenerated().gamut().shareBeyond(seen.looksOfReal().gamut()),
        distance);
  }

  /** Without clips in which every pixel leaves the picture. */
  private static List<Double> values(Kind kind, ClipMotion motion) {
    return motion.clips().stream().map(clip -> value(kind, clip)).filter(Double::isFinite).toList();
  }

  private static double value(Kind kind, MotionOfClip clip) {
    return switch (kind) {
      case WARP_ERROR -> clip.consistency().warped();
      case STILL_ERROR -> clip.consistency().still();
      case FLOW_LENGTH -> clip.lengths().mean();
      case FLICKER, NEAREST -> throw new IllegalArgumentException(kind + " is of no motion");
    };
  }

  private static List<Double> nearest(Copying copying) {
    return copying.pairs().stream()
        .sorted(Comparator.comparing(Copying.Pair::generated))
        .map(Copying.Pair::distance)
        .toList();
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (Mean mean : means) {
      lines.add(
          "%-34s %s generated (n=%d), %s real (n=%d)"
              .formatted(
                  mean.kind.shown,
                  figures(mean.meanOfGenerated),
                  mean.generated.size(),
                  figures(mean.meanOfReal),
                  mean.real.size()));
    }
    lines.add(
        String.format(
            Locale.ROOT,
            "%-34s %.4f generated, %.4f real",
            "pixels beyond the real gamut",
            beyondGamutGenerated,
            beyondGamutReal));
    if (flowDistance != null) {
      lines.add(
          String.format(Locale.ROOT, "%-34s %.4f", "distance of flow lengths, px", flowDistance));
    }
    return lines;
  }

  /** A mean and its interval: {@code 0.0312 (0.0290 to 0.0335)}. */
  public static String figures(MeanInterval mean) {
    return String.format(Locale.ROOT, "%.4g (%.4g to %.4g)", mean.mean(), mean.low(), mean.high());
  }
}
