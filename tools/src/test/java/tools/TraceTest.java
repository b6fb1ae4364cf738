package tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.Runs.Outcome;

class TraceTest {
  @TempDir Path folder;

  /** Autoencoder alone, then with its denoiser: all that can be said of each. */
  @Test
  void saysWhatAModelIsWorth() throws IOException {
    Path run = folder.resolve("run");
    Object[] vae = {
      "--config", "tiny", "--stage", "vae", "--phantom-clips", 2, "--steps", 1, "--out", run
    };
    assertEquals(0, Runs.run(new Train(), vae).code());
    Outcome alone = trace(run);
    assertTrue(alone.out().contains("held-out PSNR "), alone.out());
    assertTrue(alone.out().contains("reconstructed | 2 | "), alone.out());
    vae[3] = "denoiser";
    assertEquals(0, Runs.run(new Train(), vae).code());
    Outcome whole = trace(run);
    // The last layer begins at zero: after a step the noise that is found is about none.
    assertTrue(whole.out().contains("t 999: error of the noise "), whole.out());
    assertTrue(whole.out().contains("samples | 2 | "), whole.out());
    assertTrue(Files.size(folder.resolve("out").resolve("contact.png")) > 0);
    exportedWeights(run);
    wrongOptions(run);
  }

  /** Exported weights are a model like the run that they are of. */
  private void exportedWeights(Path run) throws IOException {
    Path plain = Files.createDirectories(folder.resolve("plain"));
    for (String stage : new String[] {"vae", "denoiser"}) {
      Path file = plain.resolve(stage + ".safetensors");
      assertEquals(0, Runs.run(new Export(), "--stage", stage, run, file).code());
    }
    Outcome traced = trace(plain);
    assertTrue(traced.out().contains("samples | 2 | "), traced.out());
  }

  /** Before any work: nothing is printed. */
  private void wrongOptions(Path run) {
    String[][] wrong = {
      {"--steps", "0", "steps want 1 to 1000, got 0"},
      {"--gain", "NaN", "recipe.gain be in [0.5, 2], got NaN"},
      {"--tilt", "-1", "recipe.tilt be in [0, 0.1], got -1.0"},
      {"--skip-weight", "-1", "recipe.skipWeight be in [0, 100], got -1.0"},
      {"--skip-block", "99", "recipe.skipBlock be less than the denoiser's 2 blocks, got 99"}
    };
    for (String[] words : wrong) {
      Path out = folder.resolve("refused");
      Outcome refused =
          Runs.run(new Trace(), "--checkpoint", run, "--out", out, words[0], words[1]);
      assertEquals(1, refused.code(), words[0]);
      assertTrue(refused.err().contains(words[2]), refused.err());
      assertEquals("", refused.out());
      assertTrue(Files.notExists(out));
    }
  }

  private Outcome trace(Path run) {
    Outcome outcome =
        Runs.run(
            new Trace(),
            "--brief",
            "--clips",
            2,
            "--steps",
            2,
            "--checkpoint",
            run,
            "--out",
            folder.resolve("out"));
    assertEquals(0, outcome.code(), outcome.err());
    return outcome;
  }

  @Test
  void tooFewClipsAreRefused() {
    Outcome outcome = Runs.run(new Trace(), "--clips", 1, "--checkpoint", folder);
    assertTrue(outcome.code() != 0 && outcome.err().contains("--clips wants at least 2"));
  }
}
