package tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import medsora.config.Config;
import medsora.train.store.Checkpoint;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.Runs.Outcome;
import tools.program.MemoryNeed;
import tools.report.Machine;
import tools.soak.Child;

/** Disks that are full, limits on file sizes, folders that vanish, heaps that are too small. */
class ScarcityTest {
  private static final long PATIENCE = 300;
  private static final List<String> FILES = List.of("vae.safetensors", "denoiser.safetensors");

  @TempDir static Path folder;

  private static Path undisturbed;

  @BeforeAll
  static void train() {
    undisturbed = folder.resolve("undisturbed");
    Outcome o = Runs.tiny(undisturbed);
    assertEquals(0, o.code(), o.err());
  }

  private static void assertLikeUndisturbed(Path run) throws IOException {
    for (String name : FILES) {
      assertEquals(-1, Files.mismatch(undisturbed.resolve(name), run.resolve(name)), name);
    }
    assertEquals(4, Files.readAllLines(run.resolve("metrics.jsonl")).size());
  }

  private static List<String> words(Path run, String... more) {
    List<String> words = new ArrayList<>(List.of("--config", "tiny", "--phantom-clips", "3"));
    words.addAll(List.of("--steps", "2", "--save-every", "1", "--out", run.toString()));
    words.addAll(List.of(more));
    return words;
  }

  private static String quoted(List<String> command) {
    return String.join(" ", command.stream().map(w -> "'" + w + "'").toList());
  }

  private static Child shell(String script, String log) throws IOException {
    return Child.start(List.of("bash", "-c", script), folder.resolve(log));
  }

  /** The limit lies between the sizes of the two checkpoints: the first is written. */
  @Test
  void alimitOnFileSizesStopsTheRunAndNothingElse() throws Exception {
    assumeTrue(Files.exists(Path.of("/bin/bash")), "no bash");
    Path run = folder.resolve("limited");
    long between =
        (Files.size(undisturbed.resolve(FILES.get(0)))
                + Files.size(undisturbed.resolve(FILES.get(1))))
            / 2;
    List<String> command = Child.command(Train.class, List.of("-Xmx1g"), words(run));
    String script = "ulimit -f %d; exec %s".formatted(between / 1024, quoted(command));
    try (Child child = shell(script, "limited.log")) {
      assertEquals(1, child.end(PATIENCE), child.said());
      String said = child.said();
      assertTrue(said.contains("denoiser.safetensors could not be written: File too"), said);
      assertTrue(said.matches("(?s).*It wants [0-9,]+ bytes, .* are free there.*"), said);
      assertTrue(said.contains("Nothing was saved before; make room"), said);
    }
    assertEquals(2, Checkpoint.info(run.resolve(FILES.get(0))).step());
    assertNoParts(run);
    assertEquals(0, Runs.tiny(run).code());
    assertLikeUndisturbed(run);
  }

  /** A disk in memory with room for one checkpoint and a half. */
  @Test
  void onAFullDiskThePreviousCheckpointStaysWhole() throws Exception {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    Path saved = folder.resolve("saved");
    long kilobytes = Files.size(undisturbed.resolve(FILES.get(0))) * 3 / 2 / 1024;
    List<String> command = Child.command(Train.class, List.of("-Xmx1g"), words(disk));
    String script =
        "mount -t tmpfs -o size=%dk tmpfs '%s' || exit 99; %s; code=$?; cp -r '%s' '%s'; exit $code"
            .formatted(kilobytes, disk, quoted(command), disk, saved);
    List<String> alone = List.of("unshare", "--map-root-user", "--mount", "bash", "-c", script);
    assumeTrue(mayMount(), "this user may not mount a file system of his own");
    try (Child child = Child.start(alone, folder.resolve("disk.log"))) {
      assertEquals(1, child.end(PATIENCE), child.said());
      String said = child.said();
      assertTrue(said.contains("No space left on device"), said);
      assertTrue(said.contains("The checkpoint of step 1 is still there and whole"), said);
    }
    assertEquals(1, Checkpoint.info(saved.resolve(FILES.get(0))).step());
    assertNoParts(saved);
    assertEquals(0, Runs.tiny(saved).code());
    assertLikeUndisturbed(saved);
  }

  private static boolean mayMount() throws InterruptedException {
    try {
      String script = "mount -t tmpfs tmpfs /tmp";
      return new ProcessBuilder("unshare", "--map-root-user", "--mount", "sh", "-c", script)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static void assertNoParts(Path run) throws IOException {
    try (Stream<Path> files = Files.list(run)) {
      assertEquals(List.of(), files.filter(p -> p.toString().endsWith(".part")).toList());
    }
  }

  @Test
  void afolderThatVanishesIsNamed() throws Exception {
    Path run = folder.resolve("vanishes");
    List<String> words = words(run, "--stage", "vae");
    words.set(words.indexOf("2"), "100000");
    words.set(words.lastIndexOf("1"), "5");
    List<String> command = Child.command(Train.class, List.of("-Xmx1g"), words);
    try (Child child = Child.start(command, folder.resolve("vanishes.log"))) {
      Path first = run.resolve(FILES.get(0));
      while (!Files.exists(first)) {
        assertTrue(child.isAlive() && child.age() < PATIENCE, child.said());
        Thread.sleep(5);
      }
      Files.move(run, folder.resolve("moved"));
      assertEquals(1, child.end(PATIENCE), child.said());
      assertTrue(child.said().contains("the folder " + run + " is gone"), child.said());
    }
    assertTrue(Checkpoint.info(folder.resolve("moved").resolve(FILES.get(0))).step() >= 5);
  }

  /** The autoencoder of the demo, whose step is larger than what the Java machine wants itself. */
  @Test
  void aheapThatIsTooSmallIsRefusedOrEndsWithOneMessage() throws Exception {
    Path straight = folder.resolve("straight");
    assertEquals(0, Runs.run(new Train(), demo(straight, 2).toArray()).code());
    Path run = folder.resolve("heap");
    assertEquals(0, Runs.run(new Train(), demo(run, 1).toArray()).code());
    byte[] before = Files.readAllBytes(run.resolve(FILES.get(0)));
    List<String> small = List.of("-Xmx128m");
    List<String> words = demo(run, 2);
    try (Child child =
        Child.start(Child.command(Train.class, small, words), folder.resolve("refused.log"))) {
      assertEquals(1, child.end(PATIENCE), child.said());
      String said = child.said();
      assertTrue(said.contains("[memory] vae needs a heap of about"), said);
      assertTrue(said.contains("JAVA_OPTS=-Xmx") && said.contains("--force"), said);
    }
    words.add("--force");
    try (Child child =
        Child.start(Child.command(Train.class, small, words), folder.resolve("forced.log"))) {
      assertEquals(1, child.end(PATIENCE), child.said());
      String said = child.said();
      assertTrue(said.contains("out of memory at a heap of"), said);
      assertTrue(said.contains("vae.safetensors of step 1 is whole"), said);
    }
    assertArrayEquals(before, Files.readAllBytes(run.resolve(FILES.get(0))));
    assertNoParts(run);
    assertEquals(0, Runs.run(new Train(), demo(run, 2).toArray()).code());
    assertEquals(-1, Files.mismatch(straight.resolve(FILES.get(0)), run.resolve(FILES.get(0))));
  }

  private static List<String> demo(Path run, int steps) {
    List<String> words = words(run, "--stage", "vae");
    words.set(words.indexOf("tiny"), "demo");
    words.set(words.indexOf("2"), Integer.toString(steps));
    return words;
  }

  /**
   * With the heap that is counted the work is done, in a process of the size that is said. The
   * demo's heap is large enough to tell something: in a tiny process the compiled code rules, and
   * that grows with the time that it runs.
   */
  @Test
  void theProcessHoldsWhatWasSaid() throws Exception {
    assumeTrue(Files.exists(Path.of("/proc/self/status")), "no /proc");
    MemoryNeed need = MemoryNeed.vae(Config.read("demo"));
    List<String> heap = List.of("-Xmx" + (need.peak().heapBytes() >> 10) + "k");
    List<String> words = demo(folder.resolve("counted"), 2);
    words.add("--force");
    try (Child child =
        Child.start(Child.command(Train.class, heap, words), folder.resolve("counted.log"))) {
      long peak = 0;
      while (child.isAlive()) {
        peak = Math.max(peak, Machine.peakBytes(child.pid()).orElse(0));
        assertTrue(child.age() < PATIENCE, child.said());
        Thread.sleep(2);
      }
      assertEquals(0, child.end(PATIENCE), child.said());
      assertEquals(1, (double) peak / need.peak().processBytes(), 0.15, need + " held " + peak);
    }
  }

  /** Weights that a run began from are its past: continuing it does not want them again. */
  @Test
  void aRunBegunFromGivenWeightsContinuesWithoutThem() throws IOException {
    String init = undisturbed.resolve(FILES.get(0)).toString();
    Path whole = folder.resolve("whole");
    Path parts = folder.resolve("parts");
    List<String> all = words(whole, "--stage", "vae", "--init", init);
    assertEquals(0, Runs.run(new Train(), all.toArray()).code());
    List<String> first = words(parts, "--stage", "vae", "--init", init);
    first.set(first.indexOf("2"), "1");
    assertEquals(0, Runs.run(new Train(), first.toArray()).code());
    Outcome rest = Runs.run(new Train(), words(parts, "--stage", "vae").toArray());
    assertEquals(0, rest.code(), rest.err());
    assertEquals(-1, Files.mismatch(whole.resolve(FILES.get(0)), parts.resolve(FILES.get(0))));
    String other = undisturbed.resolve(FILES.get(0)).toString();
    Outcome foreign =
        Runs.run(new Train(), words(undisturbed, "--stage", "vae", "--init", other).toArray());
    assertEquals(1, foreign.code());
    assertTrue(foreign.err().contains("other settings"), foreign.err());
  }
}
