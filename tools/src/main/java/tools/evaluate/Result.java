package tools.evaluate;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engine.io.WholeFile;
import engine.numeric.NumericContract;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import medsora.media.VideoFolder.Dropped;
import medsora.metric.distance.Copying;
import medsora.metric.distance.FrameConsistency;
import medsora.metric.distance.InceptionScore;
import medsora.metric.distance.Manifolds;
import medsora.metric.protocol.Assessment;
import medsora.metric.protocol.ClipRule;
import medsora.metric.protocol.ClipSet;
import medsora.metric.protocol.Protocol;
import medsora.metric.protocol.Quote;

/** What an evaluation found, as lines to read and as JSON. */
public final class Result {
  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /** Pairs of near clips that are printed. */
  private static final int SHOWN = 3;

  private final ObjectNode root = MAPPER.createObjectNode();
  private final ArrayNode numbers;
  private final List<String> lines = new ArrayList<>();

  /** The result of a protocol. */
  public Result(Protocol protocol, long seed) {
    root.put("protocol", protocol.shown());
    root.put("source", protocol.source());
    root.put("loading", protocol.sampling().loading().words());
    root.put("files", protocol.files().words());
    root.put("seed", seed);
    root.put("numeric_contract", NumericContract.VERSION);
    ArrayNode open = root.putArray("left_open");
    protocol.open().forEach(open::add);
    numbers = root.putArray("numbers");
    lines.add("protocol " + protocol.shown() + ": " + protocol.source());
    protocol.open().forEach(o -> lines.add("  left open: " + o));
  }

  /** Lines for people. */
  public List<String> lines() {
    return List.copyOf(lines);
  }

  /** Writes the JSON. */
  public void write(Path file) throws IOException {
    WholeFile.write(file, MAPPER.writeValueAsBytes(root));
  }

  /**
   * Says what a set holds.
   *
   * @param hashes of its clips, in their order
   */
  public void set(String role, ClipSet set, Path folder, List<String> hashes) {
    ObjectNode node = root.putObject(role);
    node.put("folder", folder.toString());
    node.put("clips", set.count());
    node.put("frames_of_all_videos", set.frames());
    node.put("height", set.height());
    node.put("width", set.width());
    rule(node.putObject("rule"), set.rule());
    ArrayNode clips = node.putArray("sha256");
    for (int i = 0; i < hashes.size(); i++) {
      clips.addObject().put("clip", set.name(i)).put("sha256", hashes.get(i));
    }
    ArrayNode dropped = node.putArray("dropped");
    for (Dropped d : set.dropped()) {
      dropped.add(d.what() + ": " + d.reason());
    }
    lines.add(
        "%s: %d clips of %dx%d (%s)%s"
            .formatted(
                role,
                set.count(),
                set.width(),
                set.height(),
                set.rule().words(),
                set.dropped().isEmpty() ? "" : ", " + set.dropped().size() + " files left out"));
  }

  private static void rule(ObjectNode node, ClipRule rule) {
    node.put("frames", rule.frames());
    node.put("spacing", rule.spacing());
    node.put("most", rule.most());
    node.put("which", rule.which().name().toLowerCase(Locale.ROOT));
    node.put("begin", rule.begin().name().toLowerCase(Locale.ROOT));
  }

  /** A distance and what it is worth. */
  public void distance(Quote quote, Assessment found) {
    ObjectNode node = number(quote, found.value().value());
    node.put("n_real", quote.real1());
    node.put("ddof", quote.judge().ddof());
    node.put("mean_term", found.value().meanTerm());
    ObjectNode kernel = node.putObject("kernel_distance");
    kernel.put("value", found.kernel().value());
    kernel.put("deviation", found.kernel().deviation());
    kernel.put("subsets", found.kernel().subsets());
    kernel.put("size", found.kernel().size());
    say(
        "kernel distance %s, deviation %s of %d subsets of %d",
        small(found.kernel().value()),
        small(found.kernel().deviation()),
        found.kernel().subsets(),
        found.kernel().size());
    worth(node, found);
    manifolds(node, "precision_recall", found.fidelity());
    manifolds(node, "density_coverage", found.density());
    ArrayNode warnings = node.putArray("warnings");
    found
        .warnings()
        .forEach(w -> {
          warnings.add(w);
          say("warning: %s", w);
        });
  }

  /** A score of the generated set. */
  public void score(Quote quote, InceptionScore score) {
    ObjectNode node = number(quote, score.mean());
    node.put("deviation", score.deviation());
    ArrayNode splits = node.putArray("splits");
    score.splits().forEach(splits::add);
    say("deviation %s of %d splits", Quote.figure(score.deviation()), score.splits().size());
  }

  /** The frame consistency of the generated set. */
  public void consistency(Quote quote, FrameConsistency found) {
    number(quote, found.value()).put("pairs", found.pairs());
  }

  private ObjectNode number(Quote quote, double value) {
    ObjectNode node = numbers.addObject();
    node.put("metric", quote.judge().metric().shown());
    node.put("value", value);
    node.put("quote", quote.line(value));
    node.put("network", quote.judge().metric().network());
    node.put("preprocessing", quote.judge().preprocessing());
    node.put("weights", quote.weights());
    node.put("n_generated", quote.generated2());
    lines.add(quote.line(value));
    return node;
  }

  private void worth(ObjectNode node, Assessment found) {
    if (found.interval() != null) {
      ObjectNode interval = node.putObject("interval_95");
      interval.put("low", found.interval().low());
      interval.put("high", found.interval().high());
      interval.put("replicates", found.interval().replicates());
      say(
          "95 %% of %d resamplings between %s and %s",
          found.interval().replicates(),
          Quote.figure(found.interval().low()),
          Quote.figure(found.interval().high()));
    }
    if (found.infinite() != null) {
      ObjectNode infinite = node.putObject("infinite_n");
      infinite.put("value", found.infinite().value());
      infinite.put("slope", found.infinite().slope());
      infinite.put("residual", found.infinite().residual());
      infinite.set("points", MAPPER.valueToTree(found.infinite().points()));
      say(
          "at infinite n %s, off the line by at most %s",
          Quote.figure(found.infinite().value()), Quote.figure(found.infinite().residual()));
    }
    if (found.floor() != null) {
      ObjectNode floor = node.putObject("real_against_real");
      floor.put("value", found.floor().value());
      floor.put("n_first", found.floor().first());
      floor.put("n_second", found.floor().second());
      say(
          "real against real %s, n=%d:%d",
          Quote.figure(found.floor().value()), found.floor().first(), found.floor().second());
    }
  }

  private void manifolds(ObjectNode node, String name, Manifolds found) {
    if (found == null) {
      return;
    }
    ObjectNode out = node.putObject(name);
    out.put("k", found.k());
    if (name.startsWith("precision")) {
      out.put("precision", found.precision()).put("recall", found.recall());
      say("precision %.3f, recall %.3f (k=%d)", found.precision(), found.recall(), found.k());
    } else {
      out.put("density", found.density()).put("coverage", found.coverage());
      say("density %.3f, coverage %.3f (k=%d)", found.density(), found.coverage(), found.k());
    }
  }

  /** Metrics of the frames themselves. */
  public void looks(Looks looks) {
    root.set("looks", MAPPER.valueToTree(looks));
    lines.addAll(looks.lines());
  }

  /**
   * Whether clips are copied.
   *
   * @param features by which clips are near
   */
  public void copying(Copying found, String features, ClipSet real, ClipSet generated) {
    ObjectNode node = root.putObject("copying");
    node.put("features", features);
    node.put("reference", found.leaveOneOut() ? "real clips, each left out" : "held-out clips");
    node.put("median", found.median());
    node.put("reference_median", found.referenceMedian());
    node.put("nearer_than_any", found.belowAll());
    node.put("nearer_than_nearest_5_percent", found.belowFifth());
    ArrayNode pairs = node.putArray("nearest");
    for (Copying.Pair p : found.pairs()) {
      pairs
          .addObject()
          .put("generated", generated.name(p.generated()))
          .put("real", real.name(p.training()))
          .put("distance", p.distance());
    }
    int n = generated.count();
    lines.add(
        "copying, by %s: %d of %d generated clips are nearer to a real one than any %s,"
            .formatted(
                features,
                found.belowAll(),
                n,
                found.leaveOneOut() ? "other real one" : "held-out clip"));
    say(
        "%d than the nearest 5 %% (%.1f expected); median %s against %s",
        found.belowFifth(), 0.05 * n, small(found.median()), small(found.referenceMedian()));
    found.pairs().stream()
        .limit(SHOWN)
        .forEach(p ->
            say(
                "%s is %s from %s",
                generated.name(p.generated()), small(p.distance()), real.name(p.training())));
  }

  /** A remark, for people and in the JSON. */
  public void remark(String remark) {
    lines.add(remark);
    root.withArray("remarks").add(remark);
  }

  private void say(String format, Object... values) {
    lines.add("  " + String.format(Locale.ROOT, format, values));
  }

  private static String small(double value) {
    return String.format(Locale.ROOT, "%.4g", value);
  }
}
