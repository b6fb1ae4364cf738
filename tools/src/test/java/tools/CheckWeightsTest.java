package tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.io.SafeTensorsWriter;
import java.io.IOException;
import java.nio.file.Path;
import medsora.metric.network.I3d;
import nn.Outline;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.Runs.Outcome;

/** {@code ./run check-weights}; the published weights themselves are not ours to have here. */
class CheckWeightsTest {
  @TempDir Path folder;

  @Test
  void weightsByFormulaAreNotThePublishedOnes() throws IOException {
    Path file = folder.resolve("i3d.safetensors");
    FormulaFiles.write(file, Outline.of(() -> new I3d(I3d.EPS)));
    Outcome run = Runs.run(new CheckWeights(), file, "--clips", 2);
    assertEquals(1, run.code(), run.err());
    assertTrue(run.out().contains("DIFFERS  8 clips of zeros against 8 of ones: "), run.out());
    assertTrue(run.out().contains("published 151.26 (TorchScript port), 151.39"), run.out());
    assertTrue(run.out().contains("DIFFERS  2 clips of noise of seed 1 against"), run.out());
  }

  @Test
  void whatIsNoneOfTheNetworksFails() throws IOException {
    Path file = folder.resolve("other.safetensors");
    new SafeTensorsWriter().floats("other", new long[] {1}, 1f).write(file);
    Outcome run = Runs.run(new CheckWeights(), file);
    assertEquals(1, run.code(), run.err());
    String none = "it is none of evaluate's networks: I3D, Inception, VideoMAE, CLIP, C3D";
    assertTrue(run.out().contains(none), run.out());
    assertTrue(run.err().contains("holds no C3D: of its 1 names"), run.err());
  }

  /** Before a mean is asked for, a file is C3D. */
  @Test
  void ofAFileThatIsNoC3dNoMeanIsMissing() throws IOException {
    Path file = folder.resolve("other.safetensors");
    new SafeTensorsWriter().floats("other", new long[] {1}, 1f).write(file);
    Path none = folder.resolve("none");
    Outcome run =
        Runs.run(
            new Evaluate(),
            none,
            none,
            "--weights",
            file,
            "--protocol",
            "stylegan-v",
            "--out",
            folder.resolve("out"));
    assertEquals(1, run.code());
    assertTrue(run.err().contains("holds no C3D"), run.err());
    assertFalse(run.err().contains("--c3d-mean"), run.err());
  }
}
