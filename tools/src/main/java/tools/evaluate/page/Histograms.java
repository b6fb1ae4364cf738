package tools.evaluate.page;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import medsora.metric.distance.ColourCounts;
import medsora.metric.distance.FlowMagnitudes;
import tools.evaluate.Looks;
import tools.report.Drawing;

/** Histograms of real and generated clips, the shares of both over each other. */
final class Histograms {
  private static final int BINS = 24;
  private static final int COLOUR_BINS = 64;

  /** Share of both sets that the longest flow that is drawn is longer than. */
  private static final double TAIL = 0.995;

  private static final int LEAST_FLOW_BINS = 8;

  private Histograms() {}

  /** Of the lengths of the flow. */
  static String flow(FlowMagnitudes real, FlowMagnitudes generated) {
    int shown = Math.max(shown(real.counts()), shown(generated.counts()));
    double[] a = Arrays.copyOf(shares(real.counts()), shown);
    double[] b = Arrays.copyOf(shares(generated.counts()), shown);
    return drawn(
        "Lengths of the flow of real and generated clips",
        "pixels from frame to frame",
        shown * FlowMagnitudes.WIDTH,
        new double[][] {a, b},
        "real",
        "generated");
  }

  private static int shown(long... counts) {
    long total = Math.max(1, Arrays.stream(counts).sum());
    long seen = 0;
    int bin = 0;
    while (bin < counts.length && seen < TAIL * total) {
      seen += counts[bin++];
    }
    return Math.max(LEAST_FLOW_BINS, bin);
  }

  /**
   * Of the bytes of a colour.
   *
   * @param channel 0 red, 1 green, 2 blue
   */
  static String colour(String name, ColourCounts real, ColourCounts generated, int channel) {
    return drawn(
        "Values of " + name + " of real and generated clips",
        name + ", 0 to 255",
        ColourCounts.VALUES,
        new double[][] {coarse(real.of(channel)), coarse(generated.of(channel))},
        "real",
        "generated");
  }

  private static double[] coarse(long... counts) {
    int together = counts.length / COLOUR_BINS;
    long[] sums = new long[COLOUR_BINS];
    for (int i = 0; i < counts.length; i++) {
      sums[i / together] += counts[i];
    }
    return shares(sums);
  }

  /**
   * Of distances to the nearest real clip.
   *
   * @param reference what the real ones are
   */
  static String nearest(Looks.Mean mean, String reference) {
    double most =
        DoubleStream.concat(
                    mean.real().stream().mapToDouble(v -> v),
                    mean.generated().stream().mapToDouble(v -> v))
                .max()
                .orElse(1)
            * 1.0001;
    return drawn(
        "Distances to the nearest real clip",
        "distance of the thumbnails",
        most,
        new double[][] {binned(mean.real(), most), binned(mean.generated(), most)},
        reference,
        "generated clips");
  }

  private static double[] binned(List<Double> values, double most) {
    long[] counts = new long[BINS];
    for (double v : values) {
      counts[most > 0 ? Math.min(BINS - 1, (int) (v / most * BINS)) : 0]++;
    }
    return shares(counts);
  }

  private static double[] shares(long... counts) {
    double total = Math.max(1, Arrays.stream(counts).sum());
    return Arrays.stream(counts).mapToDouble(c -> 100 * c / total).toArray();
  }

  /**
   * @param shares of the real and the generated ones in bins from 0 to {@code high}
   */
  private static String drawn(
      String title, String across, double high, double[][] shares, String real, String generated) {
    double most = Arrays.stream(shares).flatMapToDouble(Arrays::stream).max().orElse(1);
    Drawing drawing =
        new Drawing(
            title,
            new String[] {across, "share, %"},
            new double[] {0, high},
            new double[] {0, most * 1.05});
    double width = (high > 0 ? high : 1) / shares[0].length;
    return drawing
        .legend(real, generated)
        .steps(shares[0], width, false)
        .steps(shares[1], width, true)
        .toString();
  }
}
