package tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.io.SafeTensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.Runs.Outcome;
import tools.soak.Child;

/** What options, weights and checkpoints show to be wrong is said before data and folders. */
class EarlyFaultTest {
  private static final long PATIENCE = 120;

  @TempDir static Path folder;

  private static Path run;

  @BeforeAll
  static void train() {
    run = folder.resolve("run");
    Outcome o = Runs.tiny(run);
    assertEquals(0, o.code(), o.err());
  }

  private static void refused(String because, Object... more) {
    Path out = folder.resolve("new");
    Outcome o = Runs.tiny(out, more);
    assertEquals(1, o.code(), o.err());
    assertTrue(o.err().contains(because), o.err());
    assertFalse(o.err().contains("data sha256"), o.err());
    assertFalse(Files.exists(out), o.err());
  }

  @Test
  void weightsToBeginFrom() throws IOException {
    Path other = folder.resolve("other.safetensors");
    new SafeTensorsWriter().floats("a", new long[] {1}, 1).write(other);
    Path empty = Files.createDirectory(folder.resolve("empty"));
    refused("does not fit", "--stage", "vae", "--init", other);
    refused("does not fit", "--stage", "denoiser", "--vae", run, "--init", other);
    refused("holds none of [vae.safetensors", "--stage", "vae", "--init", empty);
    refused("no such file", "--stage", "vae", "--init", folder.resolve("absent"));
  }

  @Test
  void anAutoencoder() {
    refused("no checkpoint " + folder.resolve("new"), "--stage", "denoiser");
    refused("no checkpoint", "--stage", "denoiser", "--vae", folder.resolve("absent"));
    String set = "vae.compensation=none";
    refused("has another shape", "--stage", "denoiser", "--vae", run, "--set", set);
  }

  @Test
  void compensationAlone() {
    refused("wants pretrained weights", "--set", "vaeTraining.scope=compensation");
  }

  @Test
  void settingsOfACheckpoint() throws IOException {
    String config = Files.readString(run.resolve("config.yaml"));
    for (String set : List.of("denoiserTraining.batch=1", "vaeTraining.kl=0.5")) {
      Outcome o = Runs.tiny(run, "--set", set);
      assertEquals(1, o.code());
      assertTrue(o.err().contains("other settings"), o.err());
      String[] change = set.split("=");
      assertTrue(o.err().contains(change[0] + ": there "), o.err());
      assertTrue(o.err().contains(", here " + change[1]), o.err());
      assertFalse(o.err().contains("data sha256"), o.err());
    }
    Outcome begun = Runs.tiny(run, "--stage", "denoiser", "--init", run);
    assertTrue(begun.err().contains("begun from: there "), begun.err());
    assertFalse(begun.err().contains("data sha256"), begun.err());
    assertEquals(config, Files.readString(run.resolve("config.yaml")));
  }

  /** Down to heaps in which nothing can be done at all: one message, no trace. */
  @Test
  void heapsThatAreTooSmall() throws Exception {
    Path out = folder.resolve("small");
    List<String> words = new ArrayList<>(List.of("--config", "demo", "--out", out.toString()));
    for (int heap : new int[] {64, 24, 8}) {
      List<String> java = List.of("-Xmx" + heap + "m");
      try (Child child =
          Child.start(Child.command(Train.class, java, words), folder.resolve("small.log"))) {
        assertEquals(1, child.end(PATIENCE), child.said());
        assertTrue(child.said().contains("JAVA_OPTS=-Xmx"), child.said());
        assertFalse(child.said().contains("\tat "), child.said());
        assertFalse(child.said().contains("Exception"), child.said());
      }
      assertFalse(Files.exists(out));
    }
  }
}
