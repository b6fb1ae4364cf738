package tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import medsora.metric.phantom.PhantomDistances;
import medsora.train.store.MetricsLog;
import medsora.train.store.StepReport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.Runs.Outcome;

/** Training that is watched, and the networks that watch. */
class WatchTest {
  @TempDir Path folder;

  private static Outcome train(Path out, int steps, Object... more) {
    List<Object> words = new ArrayList<>(List.of("--config", "tiny", "--phantom-clips", 3));
    words.addAll(List.of("--steps", steps, "--out", out));
    words.addAll(List.of(more));
    return Runs.run(new Train(), words.toArray());
  }

  private static List<StepReport> denoiser(Path run) throws IOException {
    return MetricsLog.read(run.resolve("metrics.jsonl")).steps().stream()
        .filter(s -> s.stage().equals("denoiser"))
        .toList();
  }

  private static List<Double> seen(StepReport report) {
    List<Double> seen = new ArrayList<>();
    for (String name : List.of(PhantomDistances.FRAMES, PhantomDistances.MOTION)) {
      if (report.losses().containsKey(name)) {
        seen.add(report.losses().get(name));
      }
    }
    return seen;
  }

  /** No weight changes by being looked at; the looks of a run in two parts are those of one. */
  @Test
  void watchingChangesNothing() throws IOException {
    Object[] watched = {
      "--set",
      "watching.evaluateEvery=2",
      "--set",
      "watching.clips=2",
      "--set",
      "watching.sampleSteps=2"
    };
    Path plain = folder.resolve("plain");
    Path whole = folder.resolve("whole");
    Outcome unwatched = train(plain, 2);
    assertEquals(0, unwatched.code(), unwatched.err());
    Outcome looked = train(whole, 2, watched);
    assertEquals(unwatched.lastLine(), looked.lastLine(), looked.err());
    assertTrue(
        looked.err().contains("step 2, samples against data: FD-phantom-frames"), looked.err());
    List<StepReport> steps = denoiser(whole);
    assertEquals(List.of(0, 2), steps.stream().map(s -> seen(s).size()).toList());
    assertFalse(Files.readString(plain.resolve("metrics.jsonl")).contains("FD-phantom"));
    // A run that was not watched is watched from here on: that is no other run.
    Path parts = folder.resolve("parts");
    assertEquals(0, train(parts, 2, "--stage", "vae").code());
    assertEquals(0, train(parts, 1, "--stage", "denoiser").code());
    List<Object> more = new ArrayList<>(List.of(watched));
    more.addAll(List.of("--stage", "denoiser"));
    Outcome end = train(parts, 2, more.toArray());
    assertEquals(unwatched.lastLine(), end.lastLine(), end.err());
    assertEquals(seen(steps.get(1)), seen(denoiser(parts).get(1)));
  }

  @Test
  void whatCannotBeWatchedIsRefused() {
    Outcome run = train(folder.resolve("no"), 1, "--set", "watching.clips=1");
    assertEquals(1, run.code());
    assertTrue(run.err().contains("'watching': wants evaluateEvery"), run.err());
  }

  /** The program gives the same networks again. */
  @Test
  void theJudgesAreTrainedAgainToTheByte() throws IOException {
    String each =
        """
        :
          clips: 2
          each: 1
          network: {patch: 8, width: 16, depth: 1, heads: 1, grid: 6}
          distillation: {hidden: 8, bottleneck: 8, prototypes: 8, large: 32, small: 16,
            smallCrops: 1, batch: 2, learningRate: 1e-3, momentum: 0.9, steps: 3, teacher: 0.04,
            mirrored: false}
        """;
    Path file = folder.resolve("judges.yaml");
    Files.writeString(file, "seed: 2\nframes" + each + "motion" + each);
    List<byte[]> first = judges(file, folder.resolve("a"));
    List<byte[]> second = judges(file, folder.resolve("b"));
    for (int i = 0; i < 2; i++) {
      assertEquals(-1, Arrays.mismatch(first.get(i), second.get(i)));
    }
    Outcome wrong = Runs.run(new PretrainDino(), "--judges", folder.resolve("none.yaml"));
    assertEquals(1, wrong.code());
    assertTrue(wrong.err().contains("none.yaml"), wrong.err());
  }

  private static List<byte[]> judges(Path file, Path out) throws IOException {
    Outcome run = Runs.run(new PretrainDino(), "--judges", file, "--out", out);
    assertEquals(0, run.code(), run.err());
    return List.of(
        Files.readAllBytes(out.resolve("phantom-frames.safetensors")),
        Files.readAllBytes(out.resolve("phantom-motion.safetensors")));
  }
}
