package tools.evaluate;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import medsora.metric.distance.Manifolds;
import medsora.metric.protocol.Assessment;
import medsora.metric.protocol.Bootstrap;
import medsora.metric.protocol.Extrapolation;
import medsora.metric.protocol.Quote;
import medsora.metric.protocol.RealFloor;
import medsora.metric.protocol.Samples;

/** What a distance is worth, as JSON and in lines. */
final class Worth {
  /** Takes a line as {@link String#format} does. */
  @FunctionalInterface
  interface Line {
    void say(String format, Object... values);
  }

  private final ObjectNode node;
  private final Line out;

  private Worth(ObjectNode node, Line out) {
    this.node = node;
    this.out = out;
  }

  static void write(ObjectNode node, Assessment found, Line out) {
    Worth worth = new Worth(node, out);
    worth.kernel(found);
    node.put("drawn", found.drawn().words());
    if (found.interval() != null) {
      worth.interval(found.interval(), found.drawn());
    }
    if (found.infinite() != null) {
      worth.infinite(found.infinite());
    }
    if (found.floor() != null) {
      worth.floor(found.floor(), found.drawn());
    }
    if (found.fidelity() != null) {
      worth.fidelity(found.fidelity());
    }
    if (found.density() != null) {
      worth.density(found.density());
    }
    ArrayNode warnings = node.putArray("warnings");
    found
        .warnings()
        .forEach(w -> {
          warnings.add(w);
          out.say("warning: %s", w);
        });
  }

  private void kernel(Assessment found) {
    ObjectNode kernel = node.putObject("kernel_distance");
    kernel.put("value", found.kernel().value());
    if (found.kernel().whole()) {
      kernel.putNull("deviation");
    } else {
      kernel.put("deviation", found.kernel().deviation());
    }
    kernel.put("subsets", found.kernel().subsets());
    kernel.put("size", found.kernel().size());
    if (found.kernel().whole()) {
      out.say("kernel distance %s, of all samples at once", small(found.kernel().value()));
      return;
    }
    out.say(
        "kernel distance %s, deviation %s of %d subsets of %d",
        small(found.kernel().value()),
        small(found.kernel().deviation()),
        found.kernel().subsets(),
        found.kernel().size());
  }

  private void interval(Bootstrap found, Samples.Group drawn) {
    ObjectNode interval = node.putObject("interval_95");
    interval.put("low", found.low());
    interval.put("high", found.high());
    interval.put("replicates", found.replicates());
    out.say(
        "95 %% of %d resamplings%s between %s and %s",
        found.replicates(),
        drawn == Samples.Group.VIDEO ? " of whole videos" : "",
        Quote.figure(found.low()),
        Quote.figure(found.high()));
  }

  private void infinite(Extrapolation found) {
    ObjectNode infinite = node.putObject("infinite_n");
    infinite.put("value", found.value());
    infinite.put("slope", found.slope());
    infinite.put("residual", found.residual());
    ArrayNode points = infinite.putArray("points");
    for (Extrapolation.Point p : found.points()) {
      points
          .addObject()
          .put("real", p.real())
          .put("generated", p.generated())
          .put("share", p.share())
          .put("distance", p.distance());
    }
    out.say(
        "at infinite n %s, off the line by at most %s",
        Quote.figure(found.value()), Quote.figure(found.residual()));
  }

  private void floor(RealFloor found, Samples.Group drawn) {
    ObjectNode floor = node.putObject("real_against_real");
    floor.put("value", found.value());
    floor.put("n_first", found.first());
    floor.put("n_second", found.second());
    out.say(
        "real against real %s, n=%d:%d%s",
        Quote.figure(found.value()),
        found.first(),
        found.second(),
        drawn == Samples.Group.VIDEO ? " videos" : "");
  }

  private void fidelity(Manifolds found) {
    node.putObject("precision_recall")
        .put("k", found.k())
        .put("precision", found.precision())
        .put("recall", found.recall());
    out.say("precision %.3f, recall %.3f (k=%d)", found.precision(), found.recall(), found.k());
  }

  private void density(Manifolds found) {
    node.putObject("density_coverage")
        .put("k", found.k())
        .put("density", found.density())
        .put("coverage", found.coverage());
    out.say("density %.3f, coverage %.3f (k=%d)", found.density(), found.coverage(), found.k());
  }

  private static String small(double value) {
    return String.format(Locale.ROOT, "%.4g", value);
  }
}
