package tools.soak;

import engine.io.SafeTensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import medsora.train.DenoiserObjective;
import medsora.train.VaeObjective;
import medsora.train.store.Checkpoint;
import medsora.train.store.MetricsLog;
import medsora.train.store.StepReport;

/**
 * What a process left in its run folder.
 *
 * @param steps done by stage, as the checkpoints say, which were read to their last byte
 * @param unfinished bytes of files that were being written
 * @param tornLines lines of metrics.jsonl that are not whole
 * @param faults what is damaged; empty after a kill that did no harm
 */
public record Remains(
    Map<String, Long> steps, Map<String, Long> unfinished, int tornLines, List<String> faults) {
  static final List<String> STAGES = List.of(VaeObjective.NAME, DenoiserObjective.NAME);

  /** Looks at a folder, in which nothing runs. */
  public static Remains of(Path folder) throws IOException {
    Map<String, Long> steps = new LinkedHashMap<>();
    List<String> faults = new ArrayList<>();
    for (String stage : STAGES) {
      Path file = folder.resolve(stage + ".safetensors");
      try {
        steps.put(stage, step(file));
      } catch (IOException e) {
        faults.add(file.getFileName() + ": " + e.getMessage());
      }
    }
    Map<String, Long> unfinished = new TreeMap<>();
    for (Path part : list(folder, ".part")) {
      unfinished.put(part.getFileName().toString(), Files.size(part));
    }
    return new Remains(steps, unfinished, log(folder).torn(), faults);
  }

  private static long step(Path file) throws IOException {
    if (!Files.exists(file)) {
      return 0;
    }
    try (SafeTensors opened = SafeTensors.open(file)) {
      opened.verify();
    }
    return Checkpoint.info(file).step();
  }

  private static List<Path> list(Path folder, String ending) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(p -> p.toString().endsWith(ending)).sorted().toList();
    }
  }

  private static MetricsLog log(Path folder) throws IOException {
    return MetricsLog.read(folder.resolve("metrics.jsonl"));
  }

  /** In what a finished run differs from another one; empty where in nothing. */
  public static List<String> differences(Path run, Path undisturbed, long steps)
      throws IOException {
    List<String> found = new ArrayList<>();
    for (String stage : STAGES) {
      String name = stage + ".safetensors";
      long at = Files.mismatch(run.resolve(name), undisturbed.resolve(name));
      if (at >= 0) {
        found.add(name + " differs from byte " + at);
      }
    }
    List<StepReport> log = withoutSeconds(run);
    if (!log.equals(withoutSeconds(undisturbed)) || log(run).torn() > 0) {
      found.add("metrics.jsonl differs");
    }
    for (String stage : STAGES) {
      for (long step = 1; step <= steps; step++) {
        long number = step;
        long count =
            log.stream().filter(r -> r.stage().equals(stage) && r.step() == number).count();
        if (count != 1) {
          found.add("metrics.jsonl has %s step %d %d times".formatted(stage, step, count));
        }
      }
    }
    list(run, ".part").forEach(p -> found.add("left over: " + p.getFileName()));
    return found;
  }

  /** The steps without the seconds, which no two runs share. */
  private static List<StepReport> withoutSeconds(Path folder) throws IOException {
    return log(folder).steps().stream()
        .map(r ->
            new StepReport(r.stage(), r.step(), r.losses(), r.gradientNorm(), r.learningRate(), 0))
        .toList();
  }

  /** Steps done, for instance {@code vae 12, denoiser 3}. */
  String words() {
    StringBuilder words = new StringBuilder();
    steps.forEach((stage, step) ->
        words.append(words.isEmpty() ? "" : ", ").append(stage).append(' ').append(step));
    return words.toString();
  }

  /** The step after which a process said that it continues a stage, or null where it did not. */
  static Long resumed(String said, String stage) {
    Matcher m = Pattern.compile(stage + ": continues after step (\\d+)").matcher(said);
    return m.find() ? Long.valueOf(m.group(1)) : null;
  }
}
