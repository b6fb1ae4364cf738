package tools.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.bench.Unit;
import tools.bench.harness.Measurement;

/** Measurements as lines of text. */
public final class Table {
  private static final double GIGA = 1e9;
  private static final double MEGA = 1e6;
  private static final double MILLI = 1e-3;
  private static final String ROW = "%-36s%12s%8s%5s%12s%8s%10s%10s%8s%9s%7s%12s%8s";

  private Table() {}

  /** A head, a line per row, and what the columns mean. */
  public static List<String> lines(List<Measurement> all) {
    List<String> lines = new ArrayList<>();
    lines.add(
        ROW.formatted(
            "row", "median", "spread", "n", "work", "unit", "per s", "ceiling", "share", "peak MB",
            "gc", "peer", "speed"));
    all.forEach(m -> lines.add(line(m)));
    lines.add("");
    lines.add("median and peer: time of one repetition; spread: between the quartiles; n: samples");
    lines.add("work: direct multiply-adds (GMA) or bytes moved at least once (GB), by formula");
    lines.add("ceiling: best peak of fused multiply-adds, or copy, between the row's own samples");
    if (all.stream().anyMatch(Measurement::cold)) {
      lines.add("cold: measured before its times agreed, no figure to go by; leave --quick out");
    }
    lines.add(
        "gc: share of the time; speed: the peer's time over ours, above 1 where ours is less");
    return lines;
  }

  private static String line(Measurement m) {
    boolean bytes = m.work().unit() == Unit.BYTES;
    Double peer = m.peerSeconds();
    return ROW.formatted(
        m.row().name(),
        time(m.seconds().median()),
        percent(m.seconds().spread()),
        m.samples(),
        number(m.work().amount() / GIGA, 4),
        bytes ? "GB" : "GMA",
        number(m.rate() / GIGA, 1),
        number(m.ceiling() / GIGA, 1),
        m.cold() ? "cold" : percent(m.fraction()),
        number(m.peakBytes() / MEGA, 0),
        percent(m.collecting()),
        peer == null ? "" : time(peer),
        peer == null ? "" : number(peer / m.seconds().median(), 2));
  }

  /** Seconds where there are some, else milliseconds. */
  static String time(double seconds) {
    return seconds >= 1 ? number(seconds, 2) + " s" : number(seconds / MILLI, 3) + " ms";
  }

  private static String percent(double share) {
    return number(100 * share, 1) + "%";
  }

  private static String number(double value, int digits) {
    return String.format(Locale.ROOT, "%." + digits + "f", value);
  }
}
