package medsora.flow.raft;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.io.SafeTensorsWriter;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import engine.testing.SharedData;
import java.io.IOException;
import java.nio.file.Path;
import medsora.flow.ChairsPair;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RaftEstimatorTest {
  @TempDir Path folder;

  /** The published small network, 20 iterations, as PyTorch computes it. */
  @ParameterizedTest
  @CsvSource({"0, 1.306", "1, 0.758"})
  void thePublishedWeightsReachTheirError(int pair, double error) throws IOException {
    Path weights = SharedData.file("weights/raft-small.pth");
    RaftEstimator raft = RaftEstimator.load(weights, RaftEstimator.ITERATIONS);
    assertEquals(error, ChairsPair.of(pair).error(raft), 0.01);
  }

  /** Rims are repeated to multiples of 8, and cut off the flow again. */
  @Test
  void anySizeOfAtLeast128IsTaken() {
    RaftEstimator raft = new RaftEstimator(new Raft(RaftConfig.SMALL), 1);
    Tensor picture = Tensor.zeros(Shape.of(2, 3, 125, 131));
    assertEquals(Shape.of(2, 2, 125, 131), raft.flow(picture, picture).shape());
    float[] padded = RaftEstimator.padded(ramp(1, 1, 3, 9)).toArray();
    float[] row = java.util.Arrays.copyOfRange(padded, 0, 16);
    float[] wanted = {0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 8, 8, 8, 8};
    assertArrayEquals(wanted, row);
  }

  private static Tensor ramp(int n, int c, int h, int w) {
    return Tensor.generate(Shape.of(n, c, h, w), i -> i);
  }

  @Test
  void smallAndDifferentPicturesAreRefused() {
    RaftEstimator raft = new RaftEstimator(new Raft(RaftConfig.SMALL), 1);
    Tensor small = Tensor.zeros(Shape.of(1, 3, 120, 128));
    Tensor right = Tensor.zeros(Shape.of(1, 3, 128, 128));
    Exception e = assertThrows(ShapeException.class, () -> raft.flow(small, small));
    assertTrue(e.getMessage().contains("at least 128x128"), e.getMessage());
    assertThrows(ShapeException.class, () -> raft.flow(small, right));
  }

  @Test
  void wrongWeightsAreListed() throws IOException {
    Path file = folder.resolve("other.safetensors");
    SafeTensorsWriter writer = new SafeTensorsWriter();
    writer.floats("fnet.conv1.weight", new long[] {1}, new float[1]);
    writer.floats("head.weight", new long[] {1}, new float[1]);
    writer.write(file);
    Exception e = assertThrows(IOException.class, () -> RaftEstimator.load(file, 1));
    assertTrue(e.getMessage().contains("head.weight"), e.getMessage());
    assertTrue(e.getMessage().contains("update_block"), e.getMessage());
  }
}
