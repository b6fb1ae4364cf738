package engine.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardedTensorsTest {
  @TempDir Path folder;
  private Path index;

  @BeforeEach
  void files() throws IOException {
    index = folder.resolve("model.safetensors.index.json");
    new SafeTensorsWriter()
        .floats("a", new long[] {2}, 1, 2)
        .floats("unseen", new long[] {1}, 9)
        .write(folder.resolve("model-00001-of-00002.safetensors"));
    new SafeTensorsWriter()
        .longs("b.count", new long[0], 7)
        .write(folder.resolve("model-00002-of-00002.safetensors"));
  }

  private void index(String map) throws IOException {
    Files.writeString(index, "{\"metadata\": {\"total_size\": 16}, \"weight_map\": {" + map + "}}");
  }

  private String refusal(String text) throws IOException {
    Files.writeString(index, text);
    return assertThrows(FormatException.class, () -> TensorSource.open(index)).getMessage();
  }

  @Test
  void tensorsComeFromTheFilesThatTheIndexNames() throws IOException {
    index(
        "\"a\": \"model-00001-of-00002.safetensors\","
            + "\"b.count\": \"model-00002-of-00002.safetensors\"");
    try (TensorSource all = TensorSource.open(index)) {
      assertEquals(List.of("a", "b.count"), all.names());
      assertArrayEquals(new float[] {1, 2}, all.floats("a"));
      assertArrayEquals(new long[] {7}, all.longs("b.count"));
      assertEquals(Dtype.I64, all.dtype("b.count"));
      assertTrue(!all.contains("unseen"));
      assertThrows(IllegalArgumentException.class, () -> all.floats("c"));
    }
  }

  @Test
  void whatIsWrongWithAnIndexIsSaid() throws IOException {
    String lacks = "{\"weight_map\": {\"c\": \"model-00001-of-00002.safetensors\"}}";
    assertTrue(refusal(lacks).contains("'c' should be in model-00001-of-00002.safetensors"));
    String outside = "{\"weight_map\": {\"a\": \"../model.safetensors\"}}";
    assertTrue(refusal(outside).contains("is not the name of a safetensors file beside"));
    assertTrue(refusal("{\"weight_map\": {}}").contains("expected"));
    assertTrue(refusal("{\"metadata\": {}}").contains("names no tensor"));
    assertTrue(refusal("[[[[").contains("expected"));
    assertTrue(refusal("{\"other\": {}}").contains("nothing else"));
    Files.writeString(index, "{\"weight_map\": {\"a\": \"model-3.safetensors\"}}");
    assertThrows(IOException.class, () -> TensorSource.open(index));
  }
}
