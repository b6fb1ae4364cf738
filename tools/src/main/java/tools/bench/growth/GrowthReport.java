package tools.bench.growth;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** What was measured as lines of text: tables, fitted exponents, and why they are not 1. */
public final class GrowthReport {
  private static final double GIGA = 1e9;
  private static final double MEGA = 1e6;

  /** Exponents that differ by less are called equal. */
  private static final double EQUAL = 0.05;

  private final Map<Sweep, List<Measured>> all;

  GrowthReport(Map<Sweep, List<Measured>> all) {
    this.all = all;
  }

  /** Whether every size of every sweep was measured. */
  public boolean isWhole() {
    return all.entrySet().stream().allMatch(e -> e.getKey().points().size() == e.getValue().size());
  }

  /** Draws one panel for each sweep. */
  public void draw(Path png) throws IOException {
    GrowthChart.draw(all, png);
  }

  /** Tables and remarks. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "A training step of the denoiser (D 512) on one clip. step: forward, loss, backward,"
            + " clipping, AdamW, moving average. live: what its tensors hold at most, beside"
            + " weights and optimiser. resident: the process. GMA: multiply-adds by formula.");
    all.forEach((sweep, measured) -> {
      lines.add("");
      lines.addAll(lines(sweep, measured));
    });
    return lines;
  }

  private static List<String> lines(Sweep sweep, List<Measured> measured) {
    List<String> lines = new ArrayList<>();
    boolean recompute = sweep.points().getFirst().recompute();
    lines.add(
        sweep.grows()
            + ", at "
            + sweep.base()
            + (recompute ? ", blocks run again in backward" : ""));
    lines.add(
        "%10s%10s%12s%9s%4s%12s%12s%12s%12s"
            .formatted(
                sweep.axis().name().toLowerCase(Locale.ROOT),
                "tokens",
                "step ms",
                "spread",
                "n",
                "live MB",
                "resident MB",
                "GMA",
                "GMA per s"));
    measured.forEach(m -> lines.add(line(sweep, m)));
    if (measured.size() < 2) {
      lines.add("  too few sizes for an exponent");
      return lines;
    }
    lines.add(fit("step, ms", sweep, measured, m -> 1e3 * m.seconds()));
    lines.add(fit("live, MB", sweep, measured, m -> m.live() / MEGA));
    lines.add(fit("GMA", sweep, measured, m -> m.products() / GIGA));
    lines.addAll(remarks(sweep, measured));
    return lines;
  }

  private static String line(Sweep sweep, Measured m) {
    return String.format(
        Locale.ROOT,
        "%10d%10d%12.1f%8.1f%%%4d%12.1f%12.1f%12.1f%12.1f",
        sweep.value(m.point()),
        m.point().frames() * m.point().config().tokens(),
        1e3 * m.seconds(),
        100 * m.spread(),
        m.samples(),
        m.live() / MEGA,
        m.resident() / MEGA,
        m.products() / GIGA,
        m.rate() / GIGA);
  }

  private static String fit(
      String what, Sweep sweep, List<Measured> measured, ToDoubleFunction<Measured> of) {
    Fit fit = sweep.fit(measured, of);
    Line line = sweep.line(measured, of);
    return String.format(
        Locale.ROOT,
        "  %-9s to the power of %.3f of the %s (residual %.1f %%); as a line %.4g + %.4g for each"
            + " (residual %.1f %%)",
        what,
        fit.exponent(),
        sweep.grows(),
        100 * fit.residual(),
        line.constant(),
        line.slope(),
        100 * line.residual());
  }

  /** Each departure from 1 with its reasons, as far as the figures show them. */
  private static List<String> remarks(Sweep sweep, List<Measured> measured) {
    double time = sweep.fit(measured, Measured::seconds).exponent();
    double work = sweep.fit(measured, Measured::products).exponent();
    double live = sweep.fit(measured, Measured::live).exponent();
    List<String> lines = new ArrayList<>();
    lines.add("  Eq. 11 is linear in frames, in tokens of a frame and in blocks:");
    if (Math.abs(work - 1) < EQUAL) {
      lines.add("  so are the multiply-adds.");
    } else if (work > 1) {
      lines.add(
          "  the multiply-adds grow faster while a sequence is shorter than a chunk of the scan:"
              + " its products pair all steps of a chunk, which Eq. 11 leaves out; beyond a chunk"
              + " ("
              + measured.getFirst().point().config().chunk()
              + " steps) they are linear.");
    } else {
      lines.add(
          "  the multiply-adds grow slower, for the modulation and the embedding of the step are"
              + " the same for every clip, and patches and the last layer for every depth.");
    }
    if (Math.abs(time - work) < EQUAL) {
      lines.add("  time follows the multiply-adds.");
    } else if (time < work) {
      lines.add(
          "  time grows slower than the multiply-adds: a part of it (the constant of its line) does"
              + " not grow, as the optimiser's pass over all weights, and short products reach a"
              + " smaller share of the peak.");
    } else {
      lines.add(
          "  time grows faster than the multiply-adds: what no longer fits the caches runs at the"
              + " memory's speed, and recycled memory is spread wider.");
    }
    if (Math.abs(live - 1) >= EQUAL) {
      lines.add(
          live < 1
              ? "  memory grows slower: gradients of the weights ("
                  + gradients(measured)
                  + ") and panels of packed weights do not grow with the clip."
              : "  memory grows faster, as the temporaries of one layer do beside what is saved.");
    }
    return lines;
  }

  private static String gradients(List<Measured> measured) {
    Point first = measured.getFirst().point();
    Point last = measured.getLast().point();
    String text = String.format(Locale.ROOT, "%.0f MB", 4 * first.parameters() / MEGA);
    return first.depth() == last.depth()
        ? text
        : String.format(Locale.ROOT, "%s to %.0f MB", text, 4 * last.parameters() / MEGA);
  }
}
