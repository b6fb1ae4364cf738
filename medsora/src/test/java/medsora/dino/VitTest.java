package medsora.dino;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.io.SafeTensorsWriter;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import nn.Outline;
import nn.io.Weights;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VitTest {
  private static final VitConfig TINY = new VitConfig(4, 32, 2, 2, 5);

  @TempDir Path folder;

  /** As published, without the classifier. */
  @Test
  void theSizesAreThePublishedOnes() {
    assertEquals(21_670_272, Outline.of(() -> new Vit(VitConfig.S8)).parameterCount());
    assertEquals(21_665_664, Outline.of(() -> new Vit(VitConfig.S16)).parameterCount());
    assertEquals(85_807_872, Outline.of(() -> new Vit(VitConfig.B8)).parameterCount());
    assertEquals(85_798_656, Outline.of(() -> new Vit(VitConfig.B16)).parameterCount());
  }

  @Test
  void anyGridIsTaken() {
    Vit vit = new Vit(TINY);
    vit.initialize(3);
    Tensor wide = Tensor.generate(Shape.of(2, 3, 9, 23), i -> i % 17);
    List<Tensor> layers = new DinoExtractor(vit).features(wide);
    assertEquals(2, layers.size());
    assertEquals(Shape.of(2, 2 * 5, 32), layers.getFirst().shape());
    // The grid of training keeps its table; its own places are not resampled.
    assertArrayEquals(
        vit.stateDict().get("pos_embed").value().toArray(), vit.positions(5, 5).toArray());
    Tensor small = Tensor.zeros(Shape.of(1, 3, 3, 9));
    Exception e = assertThrows(ShapeException.class, () -> vit.layers(small));
    assertTrue(e.getMessage().contains("[1,3,3,9]"), e.getMessage());
  }

  /** The sizes are those of the file, and the backbone of a full checkpoint is found. */
  @Test
  void aFileTellsItsSizes() throws IOException {
    Vit vit = new Vit(TINY);
    vit.initialize(5);
    for (String prefix : List.of("", "backbone.")) {
      Path file = folder.resolve("vit" + prefix + ".safetensors");
      SafeTensorsWriter writer = new SafeTensorsWriter().metadata(DinoExtractor.HEADS, "2");
      Weights.add(writer, prefix, vit.stateDict());
      if (!prefix.isEmpty()) {
        writer.floats("head.mlp.0.weight", new long[] {1}, new float[1]);
      }
      writer.write(file);
      Vit read = DinoExtractor.load(file).network();
      assertEquals(TINY, read.config());
      assertEquals(Weights.sha256(vit.stateDict()), Weights.sha256(read.stateDict()));
    }
  }

  @Test
  void anotherNetworkIsRefused() throws IOException {
    Path file = folder.resolve("other.safetensors");
    new SafeTensorsWriter().floats("conv.weight", new long[] {1}, new float[1]).write(file);
    Exception e = assertThrows(IOException.class, () -> DinoExtractor.load(file));
    assertTrue(e.getMessage().contains("'pos_embed' is missing"), e.getMessage());
    Vit vit = new Vit(TINY);
    Path heads = folder.resolve("heads.safetensors");
    SafeTensorsWriter writer = new SafeTensorsWriter();
    Weights.add(writer, "", vit.stateDict());
    writer.write(heads);
    assertTrue(
        assertThrows(IOException.class, () -> DinoExtractor.load(heads))
            .getMessage()
            .contains("0 heads"));
    Path broken = folder.resolve("broken.safetensors");
    SafeTensorsWriter less = new SafeTensorsWriter().metadata(DinoExtractor.HEADS, "2");
    for (Map.Entry<String, nn.Entry> e2 : vit.stateDict().entrySet()) {
      if (!e2.getKey().equals("blocks.1.mlp.fc1.bias")) {
        less.floats(
            e2.getKey(),
            Weights.extents(e2.getValue().value().shape()),
            e2.getValue().value().toArray());
      }
    }
    less.floats("surplus", new long[] {1}, new float[1]).write(broken);
    String said = assertThrows(IOException.class, () -> DinoExtractor.load(broken)).getMessage();
    assertTrue(said.contains("blocks.1.mlp.fc1.bias") && said.contains("surplus"), said);
  }
}
