package engine.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.testing.PickleWriter;
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
  void aFolderIsTheOneIndexInIt() throws IOException {
    String said = assertThrows(IOException.class, () -> TensorSource.open(folder)).getMessage();
    assertTrue(said.contains("is a folder without an index of weights"), said);
    assertTrue(said.contains("give one of"), said);
    assertTrue(said.contains("model-00001-of-00002.safetensors"), said);
    index("\"a\": \"model-00001-of-00002.safetensors\"");
    try (TensorSource all = TensorSource.open(folder)) {
      assertArrayEquals(new float[] {1, 2}, all.floats("a"));
      assertEquals(index, all.path());
    }
    assertEquals(
        List.of(folder.resolve("model-00001-of-00002.safetensors")), ShardedTensors.files(index));
    Files.copy(index, folder.resolve("other.safetensors.index.json"));
    said = assertThrows(IOException.class, () -> TensorSource.open(folder)).getMessage();
    assertTrue(said.contains("with several indices of weights: give one of"), said);
    Path empty = Files.createDirectory(folder.resolve("empty"));
    said = assertThrows(IOException.class, () -> TensorSource.open(empty)).getMessage();
    assertTrue(said.contains("it holds no file of weights"), said);
  }

  @Test
  void aFileThatIsNotThereIsNamed() throws IOException {
    index("\"a\": \"model-00003-of-00003.safetensors\"");
    String said = assertThrows(IOException.class, () -> TensorSource.open(index)).getMessage();
    assertTrue(
        said.contains("names model-00003-of-00003.safetensors, which is not beside it"), said);
  }

  /** Keys of other libraries, and none of the usual ones but the map; a name of its own. */
  @Test
  void anIndexMayHoldWhatItLikesBeside() throws IOException {
    index = folder.resolve("model.fp16-00001.index.json");
    String map = "\"weight_map\": {\"a\": \"model-00001-of-00002.safetensors\"}";
    for (String text :
        List.of(
            "{" + map + "}",
            "{\"metadata\": null, " + map + "}",
            "{\"metadata\": {\"total_size\": 1.5e3, \"list\": [1, {\"a\": [true]}]}, " + map + "}",
            "{" + map + ", \"_class_name\": \"\\\"{\", \"shards\": [[-1, false], null]}")) {
      Files.writeString(index, text);
      try (TensorSource all = TensorSource.open(index)) {
        assertEquals(List.of("a"), all.names(), text);
      }
    }
  }

  @Test
  void shardsMayBeCheckpointsOfPyTorch() throws IOException {
    PickleWriter p = new PickleWriter().protocol().dict().op('(').text("x");
    p.tensor("FloatStorage", "0", 2, 0, new long[] {2}, new long[] {1}, false).op('u');
    byte[] shard = PickleWriter.zip(p.end(), PickleWriter.floats(3, 4));
    Files.write(folder.resolve("pytorch_model-00001-of-00001.bin"), shard);
    index("\"x\": \"pytorch_model-00001-of-00001.bin\"");
    try (TensorSource all = TensorSource.open(index)) {
      assertArrayEquals(new float[] {3, 4}, all.floats("x"));
    }
  }

  @Test
  void whatIsWrongWithAnIndexIsSaid() throws IOException {
    String lacks = "{\"weight_map\": {\"c\": \"model-00001-of-00002.safetensors\"}}";
    assertTrue(refusal(lacks).contains("'c' should be in model-00001-of-00002.safetensors"));
    String outside = "{\"weight_map\": {\"a\": \"../model.safetensors\"}}";
    assertTrue(
        refusal(outside).contains("is not the name of a safetensors or PyTorch file beside"));
    assertTrue(refusal("{\"weight_map\": {}}").contains("this is no index of weights"));
    assertTrue(refusal("{\"metadata\": {}}").contains("this is no index of weights"));
    assertTrue(refusal("[[[[").contains("expected"));
    assertTrue(refusal("{\"other\": {}}").contains("this is no index of weights"));
    assertTrue(refusal("{\"other\": ").contains("the header's end"));
    assertTrue(refusal("{\"other\": ]}").contains("closes nothing"));
    assertTrue(refusal("{\"other\": [}").contains("closes nothing"));
    assertTrue(refusal("{\"other\": " + "[".repeat(100_000)).contains("the header's end"));
    Files.writeString(index, "{\"weight_map\": {\"a\": \"model-3.safetensors\"}}");
    assertThrows(IOException.class, () -> TensorSource.open(index));
  }
}
