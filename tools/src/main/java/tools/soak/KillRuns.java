package tools.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.DoubleFunction;

/**
 * Trains the same thing again and again: once undisturbed, then with the process killed (kill -9)
 * at drawn moments and started again by the same command until it is done. A run that is done is
 * compared with the undisturbed one byte for byte.
 */
public final class KillRuns {
  private static final long PATIENCE_SECONDS = 600;

  private final Class<?> program;
  private final Crews crews;
  private final Path folder;
  private final List<String> config;
  private final long steps;
  private final DoubleFunction<Moment> moments;
  private final Consumer<String> progress;
  private final List<Kill> kills = new ArrayList<>();
  private final List<String> faults = new ArrayList<>();
  private final Map<String, Long> sizes = new LinkedHashMap<>();
  private double lifetime;
  private int runs;

  /**
   * One kill.
   *
   * @param run the number of the run it hit
   * @param rank in words, of several
   * @param seconds the age of the process
   * @param found what it left
   * @param resumed where the next process began: steps by stage, as far as it said so
   */
  public record Kill(
      int run,
      String rank,
      Moment moment,
      double seconds,
      Remains found,
      Map<String, Long> resumed) {}

  /**
   * @param program that trains; it takes the options of {@code ./run train}
   * @param crews how many ranks a start has, and which of them a kill hits
   * @param folder of runs and of what the processes say; new or empty
   * @param config options that say what is trained
   * @param steps of each stage, a checkpoint after every one
   * @param moments the next moment, given the seconds that an undisturbed process lives
   * @param progress is told what happens
   */
  public KillRuns(
      Class<?> program,
      Crews crews,
      Path folder,
      List<String> config,
      long steps,
      DoubleFunction<Moment> moments,
      Consumer<String> progress) {
    this.program = program;
    this.crews = crews;
    this.folder = folder;
    this.config = config;
    this.steps = steps;
    this.moments = moments;
    this.progress = progress;
  }

  /**
   * Kills so many processes.
   *
   * @return the faults that were found, none on a good day
   */
  public List<String> run(int wanted) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    undisturbed();
    while (kills.size() < wanted && faults.isEmpty()) {
      runs++;
      killed(folder.resolve("run-" + runs), wanted);
    }
    return List.copyOf(faults);
  }

  public List<Kill> kills() {
    return List.copyOf(kills);
  }

  /** Runs that were killed, done in the end, and compared. */
  public int runs() {
    return runs;
  }

  private Path reference() {
    return folder.resolve("undisturbed");
  }

  private void undisturbed() throws IOException, InterruptedException {
    try (Child child = start(1, reference(), "undisturbed.log")) {
      if (child.end(PATIENCE_SECONDS) != 0) {
        throw new IOException("[soak] the undisturbed run failed:\n" + child.said());
      }
      lifetime = child.age();
    }
    for (String stage : Remains.STAGES) {
      String name = stage + ".safetensors";
      sizes.put(name, Files.size(reference().resolve(name)));
    }
    progress.accept("the undisturbed run took %.1f s".formatted(lifetime));
  }

  /** One run, killed until it is done or there were kills enough. */
  private void killed(Path run, int wanted) throws IOException, InterruptedException {
    boolean done = false;
    int start = 0;
    while (!done && faults.isEmpty()) {
      start++;
      boolean kill = kills.size() < wanted;
      int ranks = crews.next();
      try (Child child = start(ranks, run, "run-%d.start-%d.log".formatted(runs, start))) {
        Moment moment = kill ? moments.apply(lifetime) : null;
        boolean hit = kill && moment.await(child, run, sizes);
        double age = child.age();
        String rank = hit ? crews.kill(child, ranks) : "";
        int code = child.end(PATIENCE_SECONDS);
        resumed(start > 1, child.said());
        done = code == 0;
        if (hit && !done) {
          left(new Kill(runs, rank, moment, age, Remains.of(run), new LinkedHashMap<>()));
        } else if (!done) {
          faults.add("run %d ended with code %d: %s".formatted(runs, code, child.said()));
        }
      }
    }
    if (done) {
      List<String> differences = Remains.differences(run, reference(), steps);
      differences.forEach(d -> faults.add("run " + runs + ": " + d));
      progress.accept(
          "run %d is done after %d starts, %s"
              .formatted(
                  runs,
                  start,
                  differences.isEmpty()
                      ? "equal to the undisturbed one byte for byte"
                      : differences.toString()));
    }
  }

  /** Notes what a kill left, which must be whole and not behind what was there before. */
  private void left(Kill kill) {
    Remains before = kills.isEmpty() ? null : kills.getLast().found();
    boolean same = before != null && kills.getLast().run() == kill.run();
    kill.found().faults().forEach(f -> faults.add("kill %d: %s".formatted(kills.size() + 1, f)));
    kill.found()
        .steps()
        .forEach((stage, step) -> {
          if (same && step < before.steps().getOrDefault(stage, 0L)) {
            faults.add("kill %d: %s went back".formatted(kills.size() + 1, stage));
          }
        });
    kills.add(kill);
    progress.accept(
        "kill %d: %s%s, at %.2f s; left %s, unfinished %s"
            .formatted(
                kills.size(),
                kill.rank().isEmpty() ? "" : kill.rank() + " ",
                kill.moment(),
                kill.seconds(),
                kill.found().words(),
                kill.found().unfinished()));
  }

  /** Compares where a process said that it goes on with what the kill before it left. */
  private void resumed(boolean again, String said) {
    if (!again) {
      return;
    }
    Kill last = kills.getLast();
    for (String stage : Remains.STAGES) {
      Long from = Remains.resumed(said, stage);
      if (from != null) {
        last.resumed().put(stage, from);
        Long left = last.found().steps().get(stage);
        // A stage that this very process began is continued by nobody.
        if (left != null && left > 0 && !left.equals(from)) {
          faults.add(
              "kill %d left %s at step %d, continued after step %d"
                  .formatted(kills.size(), stage, left, from));
        }
      }
    }
  }

  private Child start(int ranks, Path run, String log) throws IOException {
    List<String> words = new ArrayList<>(config);
    words.addAll(List.of("--phantom-clips", "3", "--save-every", "1"));
    words.addAll(List.of("--steps", Long.toString(steps), "--out", run.toString()));
    return Child.start(crews.command(program, ranks, words), folder.resolve(log));
  }
}
