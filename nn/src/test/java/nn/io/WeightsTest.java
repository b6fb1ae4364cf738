package nn.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.io.SafeTensorsWriter;
import java.io.IOException;
import java.nio.file.Path;
import nn.Module;
import nn.init.Init;
import nn.layer.BatchNorm;
import nn.layer.Linear;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightsTest {
  @TempDir Path folder;

  /** A module with weights, buffers and a counter. */
  private static final class Small extends Module {
    Small(long seed) {
      child("linear", new Linear(3, 2, true, Init.xavierUniform()));
      child("norm", new BatchNorm(2));
      initialize(seed);
    }
  }

  @Test
  void roundTrip() throws IOException {
    Small saved = new Small(1);
    Small loaded = new Small(2);
    Path file = folder.resolve("w.safetensors");
    SafeTensorsWriter writer = new SafeTensorsWriter();
    Weights.add(writer, "", saved.stateDict());
    writer.write(file);
    Weights.load(file, loaded);
    assertEquals(Weights.sha256(saved.stateDict()), Weights.sha256(loaded.stateDict()));
    assertArrayEquals(
        saved.stateDict().get("linear.weight").value().toArray(),
        loaded.stateDict().get("linear.weight").value().toArray());
  }

  @Test
  void everyFaultIsListedAndNothingIsChanged() throws IOException {
    Path file = folder.resolve("w.safetensors");
    new SafeTensorsWriter()
        .floats("linear.weight", new long[] {2, 4}, new float[8])
        .floats("linear.bias", new long[] {2}, 1, 2)
        .floats("stranger", new long[] {1}, 0)
        .write(file);
    Small module = new Small(1);
    String before = Weights.sha256(module.stateDict());
    String text = assertThrows(IOException.class, () -> Weights.load(file, module)).getMessage();
    assertTrue(text.contains("linear.weight: the model wants [2,3], the file has [2, 4]"), text);
    assertTrue(text.contains("missing norm.running_mean"), text);
    assertTrue(text.contains("unexpected stranger"), text);
    assertEquals(before, Weights.sha256(module.stateDict()));
  }

  @Test
  void weightsThatAreNoNumbersAreRefusedByName() throws IOException {
    Small module = new Small(1);
    String before = Weights.sha256(module.stateDict());
    Path file = folder.resolve("w.safetensors");
    SafeTensorsWriter writer = new SafeTensorsWriter();
    Small other = new Small(2);
    other.stateDict().get("linear.bias").write(new float[] {Float.NaN, 1});
    Weights.add(writer, "", other.stateDict());
    writer.write(file);
    String text = assertThrows(IOException.class, () -> Weights.load(file, module)).getMessage();
    assertTrue(text.contains("linear.bias: 1"), text);
    assertEquals(before, Weights.sha256(module.stateDict()));
  }

  @Test
  void initialValuesDependOnTheSeedAlone() {
    assertEquals(
        Weights.sha256(new Small(5).stateDict()), Weights.sha256(new Small(5).stateDict()));
    assertTrue(
        !Weights.sha256(new Small(5).stateDict()).equals(Weights.sha256(new Small(6).stateDict())));
  }
}
