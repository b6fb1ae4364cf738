package tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import medsora.train.store.Checkpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.Runs.Outcome;
import tools.soak.Child;

/** Real processes that are asked to stop: SIGTERM, Ctrl-C, and both again. */
class StopTest {
  private static final long PATIENCE = 300;

  @TempDir Path folder;

  @Test
  void bothStagesSaveBeforeTheyEnd() throws Exception {
    Path run = folder.resolve("run");
    try (Child child = train(run, "--steps", "100000", "--stage", "vae")) {
      await(child, () -> lines(run) >= 2);
      Outcome second = Runs.tiny(run);
      assertEquals(1, second.code(), second.err());
      assertTrue(second.err().contains("another run is writing to"), second.err());
      terminate(child);
      assertEquals(143, child.end(PATIENCE), child.said());
      assertTrue(child.said().contains("stopped and saved"), child.said());
    }
    long vae = Checkpoint.info(run.resolve("vae.safetensors")).step();
    assertEquals(lines(run), vae);
    // Asked for no more steps than were done, the stage is finished off.
    Outcome end = train(run, vae);
    assertEquals(0, end.code(), end.err());
    try (Child child = train(run, "--steps", "100000", "--stage", "denoiser")) {
      await(child, () -> lines(run) >= vae + 2);
      terminate(child);
      assertEquals(143, child.end(PATIENCE), child.said());
    }
    long denoiser = Checkpoint.info(run.resolve("denoiser.safetensors")).step();
    assertEquals(lines(run), vae + denoiser);
  }

  /** SIGTERM. */
  private static void terminate(Child child) {
    assertTrue(ProcessHandle.of(child.pid()).orElseThrow().destroy());
  }

  private static Outcome train(Path run, long steps) {
    return Runs.run(
        new Train(),
        "--config",
        "tiny",
        "--phantom-clips",
        3,
        "--stage",
        "vae",
        "--steps",
        steps,
        "--out",
        run);
  }

  @Test
  void whileDataIsPreparedThereIsNothingToSave() throws Exception {
    Path run = folder.resolve("run");
    List<String> words =
        List.of("--config", "tiny", "--phantom-clips", "1000000", "--out", run.toString());
    try (Child child = start(words)) {
      await(child, () -> Files.exists(run.resolve(".lock")));
      terminate(child);
      assertEquals(143, child.end(PATIENCE), child.said());
      assertTrue(child.said().contains("nothing to save"), child.said());
    }
    assertFalse(Files.exists(run.resolve("vae.safetensors")));
  }

  @Test
  void asecondSignalEndsAtOnce() throws Exception {
    Path run = folder.resolve("run");
    // One step that lasts for hours.
    try (Child child =
        train(run, "--steps", "2", "--stage", "vae", "--set", "vaeTraining.batch=1000000")) {
      await(child, () -> Files.exists(run.resolve("config.yaml")));
      terminate(child);
      await(child, () -> child.said().contains("once more: stop at once"));
      terminate(child);
      assertEquals(143, child.end(PATIENCE), child.said());
      assertTrue(child.said().contains("stopped at once"), child.said());
    }
    Outcome again = Runs.tiny(run, "--stage", "vae");
    assertEquals(0, again.code(), again.err());
  }

  @Test
  void controlCEndsWithItsOwnCode() throws Exception {
    Path run = folder.resolve("run");
    try (Child child = train(run, "--steps", "100000", "--stage", "vae")) {
      await(child, () -> lines(run) >= 1);
      assumeTrue(hearsInterrupts(child.pid()), "the test itself was started with SIGINT ignored");
      new ProcessBuilder("kill", "-INT", Long.toString(child.pid())).start().waitFor();
      assertEquals(130, child.end(PATIENCE), child.said());
    }
    assertEquals(lines(run), Checkpoint.info(run.resolve("vae.safetensors")).step());
  }

  /** Processes in the background of a plain shell ignore Ctrl-C, and so do their children. */
  private static boolean hearsInterrupts(long pid) throws IOException {
    Path status = Path.of("/proc", Long.toString(pid), "status");
    if (!Files.exists(status)) {
      return false;
    }
    for (String line : Files.readAllLines(status)) {
      if (line.startsWith("SigIgn:")) {
        return (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) == 0;
      }
    }
    return false;
  }

  private static long lines(Path run) throws IOException {
    Path metrics = run.resolve("metrics.jsonl");
    return Files.exists(metrics) ? Files.readAllLines(metrics).size() : 0;
  }

  private Child train(Path run, String... more) throws IOException {
    List<String> words = new ArrayList<>(List.of("--config", "tiny", "--phantom-clips", "3"));
    words.addAll(List.of("--save-every", "1000000", "--out", run.toString()));
    words.addAll(List.of(more));
    return start(words);
  }

  private Child start(List<String> words) throws IOException {
    return Child.start(
        Child.command(Train.class, List.of("-Xmx1g"), words), folder.resolve("said.log"));
  }

  /** Waits for a state, not for a time; fails where the process ends before. */
  private static void await(Child child, Callable<Boolean> state) throws Exception {
    while (!state.call()) {
      assertTrue(child.isAlive() && child.age() < PATIENCE, child.said());
      Thread.sleep(5);
    }
  }
}
