package tools.report;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Seconds of stages, in the order in which they ended. */
public final class Stopwatch {
  private final Map<String, Double> seconds = new LinkedHashMap<>();
  private long since = System.nanoTime();

  /** Ends a stage; the next one begins now. */
  public void lap(String stage) {
    long now = System.nanoTime();
    seconds.put(stage, (now - since) * 1e-9);
    since = now;
  }

  /** Stages and their seconds, and at last the total. */
  public Map<String, String> table() {
    Map<String, String> table = new LinkedHashMap<>();
    double sum = 0;
    for (Map.Entry<String, Double> e : seconds.entrySet()) {
      table.put(e.getKey(), text(e.getValue()));
      sum += e.getValue();
    }
    table.put("total", text(sum));
    return table;
  }

  private static String text(double s) {
    return String.format(Locale.ROOT, "%.1f", s);
  }
}
