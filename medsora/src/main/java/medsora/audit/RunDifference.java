package medsora.audit;

import engine.io.SafeTensors;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import medsora.config.CanonicalJson;
import medsora.train.manifest.Manifest;
import medsora.train.manifest.StageRecord;
import medsora.train.manifest.WeightHashes;
import medsora.train.store.MetricsLog;
import medsora.train.store.RunFolder;
import medsora.train.store.StepReport;

/**
 * What two runs differ in: settings, data, losses, hashes of the weights, and the tensors of the
 * checkpoints that both have of one step.
 */
public final class RunDifference {
  private static final int LONGEST = 256 << 10;

  private final Path first;
  private final Path second;
  private final List<String> lines = new ArrayList<>();
  private String divergence = "";
  private int compared;

  private RunDifference(Path first, Path second) {
    this.first = first;
    this.second = second;
  }

  /** A line for each thing that differs, and what it comes to. */
  public record Result(List<String> lines, Verdict verdict) {}

  /**
   * Compares two run folders.
   *
   * @throws IOException where one of them holds no run
   */
  public static Result of(Path first, Path second) throws IOException {
    return new RunDifference(first, second)
        .compare(Manifest.read(first).stages(), Manifest.read(second).stages());
  }

  private Result compare(SortedMap<String, StageRecord> a, SortedMap<String, StageRecord> b)
      throws IOException {
    SortedSet<String> names = new TreeSet<>(a.keySet());
    names.addAll(b.keySet());
    for (String name : names) {
      StageRecord there = a.get(name);
      StageRecord here = b.get(name);
      if (there == null || here == null) {
        lines.add("%s: only in %s".formatted(name, there == null ? second : first));
      } else {
        stage(name, there, here);
      }
    }
    return new Result(List.copyOf(lines), verdict());
  }

  private Verdict verdict() {
    if (!divergence.isEmpty()) {
      return new Verdict.Differs("first at " + divergence, List.of());
    }
    if (compared == 0) {
      return new Verdict.Unsaid("the runs have no step of which both put something down");
    }
    return new Verdict.Equal("%d losses, hashes and checkpoints".formatted(compared));
  }

  private void stage(String name, StageRecord a, StageRecord b) throws IOException {
    values(name + " settings", flat(a.configuration()), flat(b.configuration()));
    values(name + " beside the settings", a.beside(), b.beside());
    one(name + " data", a.data().sha256(), b.data().sha256());
    one(name + " steps", Long.toString(a.step()), Long.toString(b.step()));
    a.made().differences(b.made()).forEach(line -> lines.add(name + " made by: " + line));
    losses(name);
    hashes(name, a, b);
    checkpoints(name);
  }

  private void one(String what, String a, String b) {
    if (!a.equals(b)) {
      lines.add("%s: %s, %s".formatted(what, a, b));
    }
  }

  private void values(String what, Map<String, String> a, Map<String, String> b) {
    SortedSet<String> keys = new TreeSet<>(a.keySet());
    keys.addAll(b.keySet());
    for (String key : keys) {
      one(what + ", " + key, a.getOrDefault(key, "nothing"), b.getOrDefault(key, "nothing"));
    }
  }

  /** The values of a configuration by the paths of their keys. */
  private static SortedMap<String, String> flat(String configuration) {
    SortedMap<String, String> out = new TreeMap<>();
    byte[] bytes = configuration.getBytes(StandardCharsets.UTF_8);
    add("", CanonicalJson.read("configuration", bytes, LONGEST), out);
    return out;
  }

  private static void add(String path, Object value, SortedMap<String, String> out) {
    if (value instanceof Map<?, ?> map) {
      map.forEach((key, inner) -> add(path.isEmpty() ? "" + key : path + "." + key, inner, out));
    } else {
      out.put(path, CanonicalJson.line(value));
    }
  }

  private void diverged(String where) {
    divergence = divergence.isEmpty() ? where : divergence;
  }

  private void losses(String name) throws IOException {
    Map<Long, StepReport> a = steps(first, name);
    Map<Long, StepReport> b = steps(second, name);
    for (Map.Entry<Long, StepReport> e : a.entrySet()) {
      StepReport other = b.get(e.getKey());
      if (other != null) {
        compared++;
        Optional<String> line = difference(e.getValue(), other);
        if (line.isPresent()) {
          lines.add("%s, first at step %d: %s".formatted(name, e.getKey(), line.get()));
          diverged("%s, step %d".formatted(name, e.getKey()));
          return;
        }
      }
    }
  }

  private static Map<Long, StepReport> steps(Path run, String name) throws IOException {
    Map<Long, StepReport> steps = new TreeMap<>();
    for (StepReport r : MetricsLog.read(folder(run).resolve("metrics.jsonl")).steps()) {
      if (r.stage().equals(name)) {
        steps.put(r.step(), r);
      }
    }
    return steps;
  }

  private static Path folder(Path run) {
    return Files.isDirectory(run)
        ? run
        : Objects.requireNonNullElse(run.toAbsolutePath().getParent(), run);
  }

  /** The first value that differs. */
  private static Optional<String> difference(StepReport a, StepReport b) {
    Map<String, Double> all = new LinkedHashMap<>(a.losses());
    all.put("grad_norm", a.gradientNorm());
    Map<String, Double> others = new LinkedHashMap<>(b.losses());
    others.put("grad_norm", b.gradientNorm());
    for (Map.Entry<String, Double> e : all.entrySet()) {
      Double other = others.get(e.getKey());
      if (other != null && Double.compare(e.getValue(), other) != 0) {
        return Optional.of("%s: %s, %s".formatted(e.getKey(), e.getValue(), other));
      }
    }
    return Optional.empty();
  }

  private void hashes(String name, StageRecord a, StageRecord b) {
    for (WeightHashes there : a.hashes()) {
      Optional<WeightHashes> here = b.at(there.step());
      if (here.isPresent()) {
        compared++;
        if (!there.sha256().equals(here.get().sha256())) {
          lines.add(
              "%s, weights first at step %d: %s, %s"
                  .formatted(name, there.step(), there.sha256(), here.get().sha256()));
          values(name + " module", there.modules(), here.get().modules());
          diverged("%s, step %d".formatted(name, there.step()));
          return;
        }
      }
    }
  }

  private void checkpoints(String name) throws IOException {
    Path a = RunFolder.checkpoint(folder(first), name);
    Path b = RunFolder.checkpoint(folder(second), name);
    if (!Files.exists(a) || !Files.exists(b)) {
      return;
    }
    try (SafeTensors there = SafeTensors.open(a);
        SafeTensors here = SafeTensors.open(b)) {
      if (!Objects.equals(there.metadata().get("step"), here.metadata().get("step"))) {
        return;
      }
      TensorDifferences found = TensorDifferences.of(there, here);
      compared += found.compared();
      if (found.first() != null) {
        found.lines().forEach(line -> lines.add(name + " checkpoint: " + line));
        diverged("%s, step %s".formatted(name, there.metadata().get("step")));
      }
    }
  }
}
