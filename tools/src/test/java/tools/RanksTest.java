package tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import engine.ranks.Ranks;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import medsora.media.Clip;
import medsora.media.PngWriter;
import medsora.phantom.Phantom;
import medsora.train.store.Checkpoint;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.Runs.Outcome;
import tools.program.Program;
import tools.soak.Child;
import tools.soak.Launcher;

/** Real ranks on one machine, where there is an mpirun: the bits of one, and one end for all. */
class RanksTest {
  private static final long PATIENCE = 300;

  /** More samples than two ranks share evenly, and held-out clips. */
  private static final List<String> RUN =
      List.of(
          "--config",
          "tiny",
          "--phantom-clips",
          "4",
          "--set",
          "denoiserTraining.batch=3",
          "--set",
          "vaeTraining.batch=2",
          "--set",
          "stopping.every=2");

  @TempDir Path folder;

  private Launcher launcher;

  @BeforeEach
  void wantsLauncher() throws Exception {
    Optional<Launcher> found = Launcher.find();
    assumeTrue(
        found.isPresent(), "no mpirun: several ranks are not tested (openmpi-bin on Debian)");
    launcher = found.get();
  }

  /** A program on each of some ranks. */
  private static List<String> ranks(
      int count, Class<? extends Program> program, List<String> words) {
    List<String> all = new ArrayList<>(List.of("-n", Integer.toString(count)));
    // Short lives: loops that are compiled at once, and no better.
    List<String> java = List.of("-Xmx512m", "-XX:TieredStopAtLevel=1", "-D" + Ranks.SILENCE + "=6");
    all.addAll(Child.command(program, java, words));
    return all;
  }

  private Child start(List<String> ranks) throws IOException {
    List<String> words = new ArrayList<>(launcher.words());
    words.addAll(ranks);
    return Child.start(words, folder.resolve("said.log"));
  }

  private static List<String> train(Path run, String... more) {
    List<String> words = new ArrayList<>(RUN);
    words.addAll(List.of("--threads", "1", "--out", run.toString()));
    words.addAll(List.of(more));
    return words;
  }

  private void trained(int ranks, Path run, String... more) throws Exception {
    List<String> words = train(run, more);
    words.addAll(List.of("--backend", "scalar"));
    try (Child child = start(ranks(ranks, Train.class, words))) {
      assertEquals(0, child.end(PATIENCE), child.said());
    }
  }

  /** Two ranks begin, three go on: every byte is that of one rank with the vectors. */
  @Test
  void numbersOfRanksShowInNothing() throws Exception {
    Path one = folder.resolve("one");
    Outcome alone = Runs.run(new Train(), train(one, "--steps", "3").toArray());
    assertEquals(0, alone.code(), alone.err());
    Path run = folder.resolve("run");
    trained(2, run, "--steps", "2", "--stage", "vae");
    trained(3, run, "--steps", "3", "--shard-optimizer");
    for (String file : List.of("vae.safetensors", "denoiser.safetensors")) {
      assertEquals(-1, Files.mismatch(one.resolve(file), run.resolve(file)), file);
    }
  }

  @Test
  void aRankOfOtherSettingsIsNamed() throws Exception {
    Path run = folder.resolve("run");
    List<String> words = ranks(1, Train.class, train(run));
    words.add(":");
    words.addAll(ranks(1, Train.class, train(run, "--set", "seed=2")));
    try (Child child = start(words)) {
      assertNotEquals(0, child.end(PATIENCE));
      assertTrue(
          child
              .said()
              .matches(
                  "(?s).*train: \\[ranks] rank 1 of 2 on host .+ has another configuration hash than"
                      + " rank 0 of 2 .*"),
          child.said());
    }
  }

  @Test
  void aHungRankEndsAllAndIsNamed() throws Exception {
    Path run = folder.resolve("run");
    List<String> more =
        List.of("--steps", "100000", "--save-every", "1", "--stage", "vae", "--backend", "scalar");
    try (Child child = start(ranks(2, Train.class, train(run, more.toArray(String[]::new))))) {
      Path file = run.resolve("vae.safetensors");
      while (!Files.exists(file)) {
        assertTrue(child.isAlive() && child.age() < PATIENCE, child.said());
        Thread.sleep(20);
      }
      stop(Launcher.rank(child, 1).orElseThrow());
      assertNotEquals(0, child.end(30), child.said());
      assertTrue(
          child.said().matches("(?s).*train: \\[ranks] rank 1 of 2 on host .+ gives no sign.*"),
          child.said());
      assertTrue(child.said().contains("is whole, and the same command continues"), child.said());
      assertTrue(Checkpoint.info(file).step() > 0);
    }
  }

  /** Its heart beats all the while. */
  @Test
  void aRankThatSleepsEndsAllAndIsNamed() throws Exception {
    List<String> words = new ArrayList<>(List.of("-n", "3"));
    List<String> java =
        List.of(
            "-Xmx256m",
            "-XX:TieredStopAtLevel=1",
            "-D" + Ranks.SILENCE + "=20",
            "-D" + Ranks.STILLNESS + "=4");
    words.addAll(Child.command(SleepyRank.class, java, List.of("--backend", "scalar")));
    try (Child child = start(words)) {
      assertNotEquals(0, child.end(PATIENCE), child.said());
      assertTrue(
          child
              .said()
              .matches("(?s).*sleepy: \\[ranks] rank 1 of 3 on host .+ stands still for 4 s .*"),
          child.said());
    }
  }

  /** What a folder holds, by the names of files. */
  private static SortedMap<String, String> files(Path folder) throws IOException {
    SortedMap<String, String> found = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.filter(Files::isRegularFile).toList()) {
        String text = Files.readString(each, StandardCharsets.ISO_8859_1);
        found.put(folder.relativize(each).toString(), text);
      }
    }
    return found;
  }

  private void shared(int ranks, Class<? extends Program> program, List<String> words)
      throws Exception {
    try (Child child = start(ranks(ranks, program, words))) {
      assertEquals(0, child.end(PATIENCE), child.said());
    }
  }

  /** Every file that several ranks leave is that of one. */
  @Test
  void precomputingAndEvaluatingAreThoseOfOne() throws Exception {
    Path run = folder.resolve("run");
    List<String> trained = train(run, "--steps", "1", "--stage", "vae", "--backend", "scalar");
    assertEquals(0, Runs.run(new Train(), trained.toArray()).code());
    List<String> words = new ArrayList<>(RUN);
    words.addAll(List.of("--backend", "scalar", "--threads", "1", "--vae", run.toString()));
    Path one = folder.resolve("one");
    Path two = folder.resolve("two");
    Outcome alone = Runs.run(new Precompute(), with(words, "--precomputed", one).toArray());
    assertEquals(0, alone.code(), alone.err());
    shared(2, Precompute.class, with(words, "--precomputed", two));
    assertEquals(files(one), files(two));
    for (int set = 1; set <= 2; set++) {
      for (int i = 0; i < 3; i++) {
        Clip clip = Phantom.render(set, i, 17, 16);
        PngWriter.strip(folder.resolve("set-" + set).resolve("c" + i + ".png"), clip);
      }
    }
    List<String> measured =
        List.of(
            folder.resolve("set-1").toString(),
            folder.resolve("set-2").toString(),
            "--motion-clips",
            "0",
            "--bootstrap",
            "4",
            "--protocol",
            "stylegan-v",
            "--backend",
            "scalar",
            "--threads",
            "1");
    Outcome measuredAlone = Runs.run(new Evaluate(), with(measured, "--out", one).toArray());
    assertEquals(0, measuredAlone.code(), measuredAlone.err());
    shared(2, Evaluate.class, with(measured, "--out", two));
    for (String file : List.of("result.json", "manifest.json")) {
      assertEquals(-1, Files.mismatch(one.resolve(file), two.resolve(file)), file);
    }
  }

  private static List<String> with(List<String> words, String option, Path folder) {
    List<String> all = new ArrayList<>(words);
    all.addAll(List.of(option, folder.toString()));
    return all;
  }

  private static void stop(ProcessHandle rank) throws Exception {
    String pid = Long.toString(rank.pid());
    assertEquals(0, new ProcessBuilder("kill", "-STOP", pid).start().waitFor());
  }
}
