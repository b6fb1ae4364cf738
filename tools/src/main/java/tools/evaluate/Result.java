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
import medsora.metric.protocol.Assessment;
import medsora.metric.protocol.ClipRule;
import medsora.metric.protocol.ClipSet;
import medsora.metric.protocol.CopySearch;
import medsora.metric.protocol.MeanInterval;
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
  private final List<String> remarks = new ArrayList<>();
  private final List<Measured> measured = new ArrayList<>();
  private final List<Compared> compared = new ArrayList<>();

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

  /** The numbers, in their order. */
  public List<Measured> measured() {
    return List.copyOf(measured);
  }

  /** What was compared with another run, in the same order. */
  public List<Compared> compared() {
    return List.copyOf(compared);
  }

  /** What else is to be said. */
  public List<String> remarks() {
    return List.copyOf(remarks);
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
    node.set("rule", rule(set.rule()));
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

  /** A rule as JSON. */
  public static ObjectNode rule(ClipRule rule) {
    ObjectNode node = MAPPER.createObjectNode();
    node.put("frames", rule.frames());
    node.put("spacing", rule.spacing());
    node.put("most", rule.most());
    node.put("which", rule.which().name().toLowerCase(Locale.ROOT));
    node.put("begin", rule.begin().name().toLowerCase(Locale.ROOT));
    return node;
  }

  /** A distance and what it is worth. */
  public void distance(Quote quote, Assessment found) {
    ObjectNode node = number(quote, found.value().value());
    measured.add(new Measured(quote, found.value().value(), found, null));
    node.put("n_real", quote.real1());
    node.put("ddof", quote.judge().ddof());
    node.put("mean_term", found.value().meanTerm());
    Worth.write(node, found, this::say);
  }

  /** A score of the generated set. */
  public void score(Quote quote, InceptionScore score) {
    ObjectNode node = number(quote, score.mean());
    measured.add(new Measured(quote, score.mean(), null, score.deviation()));
    node.put("deviation", score.deviation());
    ArrayNode splits = node.putArray("splits");
    score.splits().forEach(splits::add);
    say("deviation %s of %d splits", Quote.figure(score.deviation()), score.splits().size());
  }

  /** The frame consistency of the generated set. */
  public void consistency(Quote quote, FrameConsistency found) {
    number(quote, found.value()).put("pairs", found.pairs());
    measured.add(new Measured(quote, found.value(), null, null));
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

  /** Metrics of the frames themselves. */
  public void looks(Looks looks) {
    ObjectNode node = root.putObject("looks");
    for (Looks.Mean mean : looks.means()) {
      ObjectNode of = node.putObject(mean.kind().key());
      side(of.putObject("real"), mean.meanOfReal(), mean.real());
      side(of.putObject("generated"), mean.meanOfGenerated(), mean.generated());
    }
    node.put("beyond_gamut_real", looks.beyondGamutReal());
    node.put("beyond_gamut_generated", looks.beyondGamutGenerated());
    node.put("flow_length_distance", looks.flowDistance());
    lines.addAll(looks.lines());
  }

  private static void side(ObjectNode node, MeanInterval mean, List<Double> values) {
    node.put("mean", mean.mean());
    interval(node, mean);
    ArrayNode all = node.putArray("clips");
    values.forEach(all::add);
  }

  private static void interval(ObjectNode node, MeanInterval found) {
    node.putObject("interval_95").put("low", found.low()).put("high", found.high());
  }

  /** Says which run the numbers are compared with. */
  public void against(Path folder) {
    root.put("against_run", folder.toString());
    root.putArray("against");
  }

  /** A comparison with another run. */
  public void compared(Compared found) {
    compared.add(found);
    ObjectNode node = root.withArray("against").addObject();
    node.put("number", found.name());
    node.put("value", found.mine());
    node.put("other", found.other());
    node.put("difference", found.difference());
    if (found.low() != null) {
      node.putObject("interval_95").put("low", found.low()).put("high", found.high());
      node.put("excludes_zero", found.excludesZero());
    }
    node.put("how", found.how());
    lines.add(found.line());
  }

  /**
   * Whether clips are copied.
   *
   * @param copies by which clips are near, at any begin of a real video
   */
  public void copying(Seen.Copies copies, ClipSet real, ClipSet generated) {
    Copying found = copies.copying();
    ObjectNode node = root.putObject("copying");
    node.put("features", copies.features());
    node.put("searched", copies.searched());
    node.put("not_searched", copies.notSearched());
    node.put(
        "reference",
        found.leaveOneOut() ? "real clips, their own videos left out" : "held-out clips");
    node.put("median", found.median());
    node.put("reference_median", found.referenceMedian());
    node.put("reference_nearest", found.reference().getFirst());
    node.put("nearer_than_any", found.belowAll());
    node.put("nearer_than_nearest_5_percent", found.belowFifth());
    ArrayNode pairs = node.putArray("nearest");
    for (Copying.Pair p : found.pairs()) {
      ObjectNode pair =
          pairs
              .addObject()
              .put("generated", generated.name(p.generated()))
              .put("real", real.name(CopySearch.place(p.training())))
              .put("distance", p.distance());
      if (!copies.what(p.generated()).isEmpty()) {
        pair.put("bytes", copies.what(p.generated()));
      }
    }
    int n = generated.count();
    lines.add(
        "copying, by %s: %d of %d generated clips are nearer to a real one than any %s,"
            .formatted(
                copies.features(),
                found.belowAll(),
                n,
                found.leaveOneOut() ? "of another video" : "held-out clip"));
    say(
        "%d than the nearest 5 %% (%.1f expected); median %s against %s",
        found.belowFifth(), 0.05 * n, small(found.median()), small(found.referenceMedian()));
    found.pairs().stream()
        .limit(SHOWN)
        .forEach(p ->
            say(
                "%s is %s from %s%s",
                generated.name(p.generated()),
                small(p.distance()),
                real.name(CopySearch.place(p.training())),
                copies.what(p.generated()).isEmpty() ? "" : ": " + copies.what(p.generated())));
    say("%s", copies.notSearched());
  }

  /** A remark, for people and in the JSON. */
  public void remark(String remark) {
    lines.add(remark);
    remarks.add(remark);
    root.withArray("remarks").add(remark);
  }

  private void say(String format, Object... values) {
    lines.add("  " + String.format(Locale.ROOT, format, values));
  }

  private static String small(double value) {
    return String.format(Locale.ROOT, "%.4g", value);
  }
}
