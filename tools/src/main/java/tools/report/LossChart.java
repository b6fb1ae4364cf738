package tools.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import medsora.train.store.MetricsLog;
import medsora.train.store.StepReport;

/**
 * The curves of metrics.jsonl: a chart for each stage, its loss at each step and the running mean.
 */
final class LossChart {
  /** More points across than a chart is wide show nothing new, and make the page large. */
  private static final int MOST = 500;

  private static final double MARGIN = 1.05;

  private LossChart() {}

  /** Losses of a stage by step. */
  private record Curve(List<Double> steps, List<Double> losses) {
    Curve() {
      this(new ArrayList<>(), new ArrayList<>());
    }

    /** The mean over the steps around each one, a twentieth of all. */
    List<Double> smooth() {
      int reach = Math.max(1, losses.size() / 40);
      List<Double> out = new ArrayList<>();
      for (int i = 0; i < losses.size(); i++) {
        int from = Math.max(0, i - reach);
        int to = Math.min(losses.size(), i + reach + 1);
        out.add(losses.subList(from, to).stream().mapToDouble(v -> v).average().orElseThrow());
      }
      return out;
    }

    String drawn(String stage) {
      double top = losses.stream().filter(Double::isFinite).mapToDouble(v -> v).max().orElse(1);
      Drawing drawing =
          new Drawing(
              "Loss of the " + stage + " by step",
              new String[] {"step", "loss"},
              new double[] {steps.getFirst(), steps.getLast()},
              new double[] {0, MARGIN * top});
      return drawing
          .line(thin(steps), thin(losses), true)
          .line(thin(steps), thin(smooth()), false)
          .toString();
    }

    private static List<Double> thin(List<Double> values) {
      int every = (values.size() + MOST - 1) / MOST;
      List<Double> kept = new ArrayList<>();
      for (int i = 0; i < values.size(); i += every) {
        kept.add(values.get(i));
      }
      return kept;
    }
  }

  /** The charts of a file as SVG, by stage; none where no step was put down. */
  static Map<String, String> of(Path metrics) throws IOException {
    Map<String, Curve> curves = new LinkedHashMap<>();
    for (StepReport report : MetricsLog.read(metrics).steps()) {
      Curve c = curves.computeIfAbsent(report.stage(), s -> new Curve());
      c.steps().add((double) report.step());
      c.losses().add(report.loss());
    }
    Map<String, String> drawn = new LinkedHashMap<>();
    curves.forEach((stage, curve) -> drawn.put(stage, curve.drawn(stage)));
    return drawn;
  }
}
