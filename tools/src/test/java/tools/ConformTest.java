package tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.testing.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.Runs.Outcome;

/** What ./run conform prints and how it ends. */
class ConformTest {
  private static final Path REFERENCE = Fixtures.testdata().resolve("reference");

  @TempDir Path folder;

  @Test
  void everyTensorHasItsLineAndFilesAreCounted() throws IOException {
    copy("ssd_scan");
    Files.writeString(folder.resolve("mine.safetensors"), "text");
    Outcome run = Runs.run(new Conform(), folder);
    assertEquals(0, run.code(), run.err());
    assertEquals("1 passed, 0 failed, 1 skipped", run.lastLine());
    assertTrue(run.out().contains("PASS ssd_scan.safetensors"), run.out());
    assertTrue(
        run.out()
            .lines()
            .anyMatch(l -> l.matches("  ok +grad.in.A_log +error \\S+ +limit 3.00e-06 *")),
        run.out());
    assertEquals(9, run.out().lines().filter(l -> l.startsWith("  ok ")).count());
    Outcome brief = Runs.run(new Conform(), folder, "--no-verbose");
    assertEquals(1, brief.out().lines().filter(l -> l.startsWith("  ok ")).count());
  }

  @Test
  void oneBadFileStopsNothingAndTheExitCodeTells() throws IOException {
    Files.writeString(folder.resolve("embed.safetensors"), "not a safetensors file");
    copy("spiral");
    Outcome run = Runs.run(new Conform(), folder);
    assertEquals(1, run.code());
    assertEquals("1 passed, 1 failed, 0 skipped", run.lastLine());
    assertTrue(run.out().contains("FAIL embed.safetensors"), run.out());
    assertEquals("", run.err());
  }

  @Test
  void theToleranceReplacesEveryLimit() throws IOException {
    copy("ssd_scan");
    Outcome run = Runs.run(new Conform(), folder, "--tolerance", "1e-12");
    assertEquals(1, run.code());
    assertFalse(run.out().contains("limit 3.00e-06"), run.out());
  }

  @Test
  void aFolderWithoutFixturesIsRefused() {
    Outcome run = Runs.run(new Conform(), folder);
    assertEquals(1, run.code());
    assertTrue(run.err().contains("ssd_scan.safetensors"), run.err());
    assertEquals(1, Runs.run(new Conform(), folder.resolve("absent")).code());
    assertEquals(2, Runs.run(new Conform()).code());
  }

  private void copy(String name) throws IOException {
    String file = name + ".safetensors";
    Files.copy(REFERENCE.resolve(file), folder.resolve(file));
  }
}
