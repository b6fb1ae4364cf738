package medsora.audit;

import engine.io.FormatException;
import engine.io.SafeTensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import medsora.train.Stage;
import medsora.train.manifest.StageRecord;
import medsora.train.manifest.WeightHashes;
import medsora.train.store.Checkpoint;
import medsora.train.store.Identity;
import medsora.train.store.MetricsLog;
import medsora.train.store.RunFolder;
import medsora.train.store.StepReport;

/**
 * Trains a stage again, from nothing or from a checkpoint that was kept, and holds every step
 * against what the run put down: losses and gradient norms against {@code metrics.jsonl}, weights
 * against the hashes of the manifest, and where a checkpoint of that step lies there, tensor by
 * tensor.
 *
 * @param folder of the run
 * @param name of the stage
 * @param record what the manifest has of it
 * @param data SHA-256 of the data that are here
 */
public record Replay(Path folder, String name, StageRecord record, String data) {
  /**
   * What is replayed.
   *
   * @param from a step: 0 for from nothing, else that of a checkpoint
   * @param to the last step that is done again
   */
  public record Window(long from, long to) {}

  /** Steps at which a window can begin: nothing, and each checkpoint that lies in the folder. */
  public List<Long> begins() throws IOException {
    List<Long> begins = new ArrayList<>(List.of(0L));
    try (var files = Files.newDirectoryStream(folder, name + "*.safetensors")) {
      for (Path file : files) {
        String stem = file.getFileName().toString().replace(".safetensors", "");
        if (stem.matches(name + "-[0-9]{1,18}")) {
          begins.add(Long.parseLong(stem.substring(name.length() + 1)));
        }
      }
    }
    long last = checkpointStep();
    if (last > 0) {
      begins.add(last);
    }
    return begins.stream().filter(b -> b < record.step()).sorted().distinct().toList();
  }

  private long checkpointStep() {
    try {
      Checkpoint.Info info = Checkpoint.info(RunFolder.checkpoint(folder, name));
      return info == null ? -1 : info.step();
    } catch (IOException e) {
      // No checkpoint of this program: nothing can begin there.
      return -1;
    }
  }

  /** Where a checkpoint of a step lies. */
  private Optional<Path> checkpoint(long step) {
    Path kept = RunFolder.kept(folder, name, step);
    if (Files.exists(kept)) {
      return Optional.of(kept);
    }
    return checkpointStep() == step
        ? Optional.of(RunFolder.checkpoint(folder, name))
        : Optional.empty();
  }

  /**
   * Trains a window again.
   *
   * @param stage before its first step, of the configuration of the record
   * @param stepped is told the steps done
   */
  public Verdict run(Stage stage, Window window, LongConsumer stepped) throws IOException {
    Optional<Verdict> lack = lack(stage, window);
    if (lack.isPresent()) {
      return lack.get();
    }
    if (window.from() > 0) {
      Optional<Verdict> broken = begun(stage, window.from());
      if (broken.isPresent()) {
        return broken.get();
      }
    }
    return new Course(stage, window).walk(stepped);
  }

  /** What is missing to replay it at all. */
  private Optional<Verdict> lack(Stage stage, Window window) {
    if (window.from() < 0 || window.from() >= window.to() || window.to() > record.step()) {
      return unsaid(
          "steps %d to %d are no window of its %d steps"
              .formatted(window.from(), window.to(), record.step()));
    }
    if (!record.data().sha256().isEmpty() && !record.data().sha256().equals(data)) {
      return unsaid(
          "the data are others: sha256 there %s, here %s (--data, --phantom-clips)"
              .formatted(record.data().sha256(), data));
    }
    Map<String, String> own = stage.identity().beside();
    for (Map.Entry<String, String> e : record.beside().entrySet()) {
      String here = own.getOrDefault(e.getKey(), "nothing");
      if (!e.getKey().equals(Identity.BEGUN_FROM) && !e.getValue().equals(here)) {
        return unsaid(
            "%s: there %s, here %s; give the one of the run"
                .formatted(e.getKey().replace('_', ' '), e.getValue(), here));
      }
    }
    return begunOtherwise(own, window);
  }

  /** Whether it began from other weights, as far as no hash of step 0 tells it by module. */
  private Optional<Verdict> begunOtherwise(Map<String, String> own, Window window) {
    String there = record.beside().get(Identity.BEGUN_FROM);
    String here = own.get(Identity.BEGUN_FROM);
    if (window.from() > 0 || there == null || record.at(0).isPresent() || there.equals(here)) {
      return Optional.empty();
    }
    return Optional.of(
        new Verdict.Differs(
            name + ": first at step 0, the weights that it began from",
            List.of("sha256 there %s, here %s (--init?)".formatted(there, here))));
  }

  private Optional<Verdict> unsaid(String why) {
    return Optional.of(new Verdict.Unsaid(name + ": " + why));
  }

  /** Loads the checkpoint of a step; gives a verdict where that is not what the run had. */
  private Optional<Verdict> begun(Stage stage, long step) throws IOException {
    Optional<Path> file = checkpoint(step);
    if (file.isEmpty()) {
      return unsaid(
          "no checkpoint of step %d lies in %s; begins there are %s"
              .formatted(step, folder, begins()));
    }
    Checkpoint.Info info = Checkpoint.info(file.get());
    if (info == null || info.step() != step) {
      return unsaid(file.get() + " is not of step " + step);
    }
    stage.adopt(info);
    try {
      stage.resume(file.get(), data);
      return Optional.empty();
    } catch (FormatException e) {
      return Optional.of(new Verdict.Differs(name + ": " + file.get(), List.of(e.getMessage())));
    }
  }

  /** The steps of one window. */
  private final class Course {
    private final Stage stage;
    private final Window window;
    private final Map<Long, StepReport> steps = new TreeMap<>();
    private final List<String> faults = new ArrayList<>();
    private String firstFault = "";
    private int losses;
    private final List<Long> hashed = new ArrayList<>();

    Course(Stage stage, Window window) throws IOException {
      this.stage = stage;
      this.window = window;
      for (StepReport r : MetricsLog.read(folder.resolve("metrics.jsonl")).steps()) {
        if (r.stage().equals(name)) {
          steps.put(r.step(), r);
        }
      }
    }

    Verdict walk(LongConsumer stepped) throws IOException {
      boolean agrees = weights(window.from());
      while (agrees && stage.state().step() < window.to()) {
        StepReport here = stage.step();
        stepped.accept(here.step());
        losses(here);
        agrees = weights(here.step());
      }
      String what = "%s, steps %d to %d".formatted(name, window.from(), stage.state().step());
      if (!faults.isEmpty()) {
        return new Verdict.Differs("%s: first at %s".formatted(what, firstFault), faults);
      }
      if (losses == 0 && hashed.isEmpty()) {
        return new Verdict.Unsaid(what + ": the run put down neither losses nor hashes of these");
      }
      return new Verdict.Equal(
          "%s: losses of %d steps, weights of %s".formatted(what, losses, compared()));
    }

    private String compared() {
      return switch (hashed.size()) {
        case 0 -> "none";
        case 1 -> "step " + hashed.getFirst();
        default -> "%d steps, at last %d".formatted(hashed.size(), hashed.getLast());
      };
    }

    private void fault(String where, String line) {
      firstFault = faults.isEmpty() ? where : firstFault;
      faults.add(line);
    }

    /** Every value that the run logged and that a step gives, in all its digits. */
    private void losses(StepReport here) {
      StepReport there = steps.get(here.step());
      // The first one that differs tells; what follows from it differs too.
      if (there == null || !faults.isEmpty()) {
        return;
      }
      losses++;
      Map<String, Double> own = new LinkedHashMap<>(here.losses());
      own.put("grad_norm", here.gradientNorm());
      own.put("lr", here.learningRate());
      Map<String, Double> theirs = new LinkedHashMap<>(there.losses());
      theirs.put("grad_norm", there.gradientNorm());
      theirs.put("lr", there.learningRate());
      own.forEach((key, value) -> {
        Double other = theirs.get(key);
        if (other != null && Double.compare(other, value) != 0) {
          fault(
              "step " + here.step(),
              "step %d, %s: there %s, here %s".formatted(here.step(), key, other, value));
        }
      });
    }

    /** Whether the weights of a step are those of the run, where it put their hashes down. */
    private boolean weights(long step) throws IOException {
      Optional<WeightHashes> recorded = record.at(step);
      if (recorded.isEmpty()) {
        return true;
      }
      hashed.add(step);
      WeightHashes there = recorded.get();
      WeightHashes here = stage.hashes();
      boolean raw = there.sha256().equals(here.sha256());
      boolean averaged = there.averages().isEmpty() || there.averages().equals(here.averages());
      if (!raw) {
        fault(where(step, there, here), differ(step, "weights", there.sha256(), here.sha256()));
        faults.addAll(modules(there, here));
      }
      if (!averaged) {
        fault(
            "step " + step + ", averages",
            differ(step, "averaged weights", there.averages(), here.averages()));
      }
      if (!raw || !averaged) {
        faults.addAll(tensors(step));
      }
      return raw && averaged;
    }

    private static String differ(long step, String what, String there, String here) {
      return "step %d, %s sha256: there %s, here %s".formatted(step, what, there, here);
    }

    private static String where(long step, WeightHashes there, WeightHashes here) {
      String module =
          there.modules().entrySet().stream()
              .filter(e -> !e.getValue().equals(here.modules().get(e.getKey())))
              .map(e -> ", module " + e.getKey())
              .findFirst()
              .orElse("");
      return "step " + step + module;
    }

    private static List<String> modules(WeightHashes there, WeightHashes here) {
      List<String> lines = new ArrayList<>();
      there
          .modules()
          .forEach((module, hash) -> {
            String own = here.modules().getOrDefault(module, "nothing");
            if (!own.equals(hash)) {
              lines.add("module %s: there %s, here %s".formatted(module, hash, own));
            }
          });
      return lines;
    }

    /** The tensors of the checkpoint of a step that the run kept, against those here. */
    private List<String> tensors(long step) throws IOException {
      // That of the beginning is what is here.
      Optional<Path> file = step == window.from() && step > 0 ? Optional.empty() : checkpoint(step);
      if (file.isEmpty()) {
        return List.of("no checkpoint of step " + step + " to compare tensors with");
      }
      try (SafeTensors there = SafeTensors.open(file.get())) {
        return TensorDifferences.of(there, new Values(stage)::of).lines();
      }
    }
  }
}
