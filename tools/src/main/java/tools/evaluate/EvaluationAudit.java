package tools.evaluate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import engine.io.Printable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import medsora.audit.Verdict;
import medsora.config.ConfigTree;
import medsora.metric.protocol.FeaturesOfClips;
import medsora.metric.protocol.Protocol;
import medsora.train.manifest.EvaluationRecord;
import tools.program.FileHash;

/**
 * Does an evaluation again that a manifest has, from its videos on, and compares every number of
 * its result. No features that were kept are used.
 */
public final class EvaluationAudit {
  /** A value of a setting that was not given. */
  private static final String NONE = "null";

  /** Where the folders were, which no number depends on. */
  private static final Set<String> PLACES = Set.of("folder", "against_run");

  private final Path folder;
  private final EvaluationRecord record;
  private final EvaluationOptions options;

  /**
   * @param folder of the manifest, with the result
   */
  public EvaluationAudit(Path folder, EvaluationRecord record, EvaluationOptions options) {
    this.folder = folder;
    this.record = record;
    this.options = options;
  }

  /** What the settings and inputs of an evaluation are called in a manifest. */
  public record Settings(
      String protocol,
      Sets.Wish wish,
      int motionClips,
      Draws draws,
      List<Path> weights,
      Path given) {
    /** Its options as texts. */
    public SortedMap<String, String> texts() {
      SortedMap<String, String> texts = new TreeMap<>();
      texts.put("protocol", protocol);
      texts.put("seed", Long.toString(draws.seed()));
      texts.put("real", wish.real().toString());
      texts.put("generated", wish.generated().toString());
      texts.put("held_out", String.valueOf(wish.heldOut()));
      texts.put("spacing", String.valueOf(wish.spacing()));
      texts.put("clips", String.valueOf(wish.clips()));
      texts.put("motion_clips", Integer.toString(motionClips));
      draws.write(texts);
      return texts;
    }

    /** Hashes of what it was made of. */
    public SortedMap<String, String> inputs(Seen seen) throws IOException {
      SortedMap<String, String> inputs = new TreeMap<>();
      inputs.put("real", ofClips(seen.real().hashes()));
      inputs.put("generated", ofClips(seen.generated().hashes()));
      for (Path file : weights) {
        inputs.put("weights " + file.getFileName(), WeightFiles.sha256(file));
      }
      if (given != null) {
        inputs.put("features", FileHash.sha256(given));
      }
      return inputs;
    }

    private static String ofClips(List<String> hashes) {
      return ConfigTree.sha256(String.join("\n", hashes) + "\n");
    }
  }

  /**
   * The verdict on it.
   *
   * @throws IOException where a video or a file cannot be read
   */
  public Verdict verdict() throws IOException {
    Path file = folder.resolve(record.result()).normalize();
    if (!Files.isRegularFile(file)) {
      return new Verdict.Unsaid(file + " is not there");
    }
    String here = FileHash.sha256(file);
    if (!here.equals(record.resultSha256())) {
      String line = "sha256 there %s, here %s".formatted(record.resultSha256(), here);
      return new Verdict.Differs(file.toString(), List.of(line));
    }
    JsonNode written = new ObjectMapper().readTree(file.toFile());
    if (written.has("against_run")) {
      return new Verdict.Unsaid(
          file + " was compared with another run (--against), which its manifest does not hold");
    }
    Settings settings = settings();
    List<String> missing = missing(settings);
    return missing.isEmpty()
        ? again(file, written, settings)
        : new Verdict.Unsaid(file + ": " + String.join("; ", missing));
  }

  private Settings settings() {
    Integer spacing = number("spacing");
    Integer clips = number("clips");
    Path heldOut = options.heldOut;
    if (heldOut == null && !text("held_out").equals(NONE)) {
      heldOut = Path.of(text("held_out"));
    }
    Sets.Wish wish =
        new Sets.Wish(
            options.real == null ? Path.of(text("real")) : options.real,
            options.generated == null ? Path.of(text("generated")) : options.generated,
            heldOut,
            spacing,
            clips);
    return new Settings(
        text("protocol"),
        wish,
        Math.toIntExact(wanted("motion_clips")),
        Draws.read(record.settings(), Math.toIntExact(wanted("bootstrap")), wanted("seed")),
        options.weights,
        options.given);
  }

  private String text(String name) {
    return record.settings().getOrDefault(name, NONE);
  }

  private Integer number(String name) {
    return text(name).equals(NONE) ? null : (Integer) Math.toIntExact(wanted(name));
  }

  private long wanted(String name) {
    try {
      return Long.parseLong(text(name));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "the manifest's evaluation has no number as '%s': %s"
              .formatted(name, Printable.brief(text(name))),
          e);
    }
  }

  /** What of its inputs is not at hand, by their hashes. */
  private List<String> missing(Settings settings) throws IOException {
    List<String> missing = new ArrayList<>();
    List<Path> folders = new ArrayList<>();
    folders.add(settings.wish().real());
    folders.add(settings.wish().generated());
    if (settings.wish().heldOut() != null) {
      folders.add(settings.wish().heldOut());
    }
    folders.stream()
        .filter(each -> !Files.isDirectory(each))
        .forEach(each ->
            missing.add(each + " is not here: --real, --generated, --held-out say where it is"));
    Set<String> here = new TreeSet<>();
    for (Path file : settings.weights()) {
      here.add(WeightFiles.sha256(file));
    }
    record
        .inputs()
        .forEach((name, hash) -> {
          if (name.startsWith("weights ") && !here.contains(hash)) {
            missing.add("it had " + Printable.brief(name) + ", which --weights gives");
          }
        });
    String features = record.inputs().get("features");
    boolean given = settings.given() != null && FileHash.sha256(settings.given()).equals(features);
    if (features != null && !given) {
      missing.add("it had features of another program, which --given-features gives");
    }
    return missing;
  }

  private Verdict again(Path file, JsonNode written, Settings settings) throws IOException {
    Path work = Files.createTempDirectory("medsora-audit");
    try {
      Evaluated found = measured(settings, work.resolve("features"));
      for (String set : List.of("real", "generated")) {
        String there = String.valueOf(record.inputs().get(set));
        String here = settings.inputs(found.seen()).get(set);
        if (!here.equals(there)) {
          return new Verdict.Differs(
              "the %s clips of %s".formatted(set, file),
              List.of("sha256 there %s, here %s".formatted(there, here)));
        }
      }
      found.result().write(work.resolve(record.result()));
      JsonNode made = new ObjectMapper().readTree(work.resolve(record.result()).toFile());
      String difference = difference("", written, made);
      return difference == null
          ? new Verdict.Equal(
              "%s, all its numbers: %d clips against %d"
                  .formatted(
                      file,
                      found.seen().generated().hashes().size(),
                      found.seen().real().hashes().size()))
          : new Verdict.Differs(file.toString(), List.of(difference));
    } finally {
      remove(work);
    }
  }

  private Evaluated measured(Settings settings, Path cache) throws IOException {
    Protocol protocol = Protocol.named(settings.protocol());
    GivenFeatures given = settings.given() == null ? null : GivenFeatures.read(settings.given());
    try (JudgeNetworks networks =
        JudgeNetworks.open(protocol, settings.weights(), options.c3dMean)) {
      Sets sets = Sets.open(protocol, settings.wish(), settings.draws().seed());
      return new Evaluation(
              sets,
              cache,
              settings.motionClips(),
              settings.draws(),
              null,
              () -> false,
              FeaturesOfClips.HERE)
          .all(networks, given, settings.wish());
    }
  }

  /** The first place in which two results differ, with both values; null where there is none. */
  private static String difference(String at, JsonNode there, JsonNode here) {
    if (there.isObject() && here.isObject()) {
      Set<String> names = new TreeSet<>();
      there.fieldNames().forEachRemaining(names::add);
      here.fieldNames().forEachRemaining(names::add);
      Iterator<String> left = names.stream().filter(n -> !PLACES.contains(n)).iterator();
      return first(left, name -> difference(at + "/" + name, there.path(name), here.path(name)));
    }
    if (there.isArray() && here.isArray() && there.size() == here.size()) {
      Iterator<Integer> numbers = Stream.iterate(0, i -> i < there.size(), i -> i + 1).iterator();
      return first(numbers, i -> difference(at + "/" + i, there.get(i), here.get(i)));
    }
    return there.equals(here)
        ? null
        : "%s: there %s, here %s".formatted(at, brief(there), brief(here));
  }

  private static <T> String first(Iterator<T> all, Function<T, String> look) {
    String found = null;
    while (found == null && all.hasNext()) {
      found = look.apply(all.next());
    }
    return found;
  }

  private static String brief(JsonNode value) {
    return value.isMissingNode() ? "nothing" : Printable.brief(value.toString());
  }

  private static void remove(Path work) throws IOException {
    try (Stream<Path> all = Files.walk(work)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }
}
