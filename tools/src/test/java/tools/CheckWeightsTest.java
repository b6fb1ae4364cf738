package tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
  void ofOthersNothingIsSaid() throws IOException {
    Path file = folder.resolve("other.safetensors");
    new SafeTensorsWriter().floats("other", new long[] {1}, 1f).write(file);
    Outcome run = Runs.run(new CheckWeights(), file);
    assertEquals(0, run.code(), run.err());
    assertTrue(run.out().contains("no value is published whose input can be had"), run.out());
  }
}
