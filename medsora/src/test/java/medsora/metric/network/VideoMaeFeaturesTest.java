package medsora.metric.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.autodiff.Tape;
import engine.io.SafeTensorsWriter;
import engine.random.RandomKey;
import engine.tensor.HalfFloats;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import engine.testing.ChildMachine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import nn.Entry;
import nn.Outline;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** VideoMAE's weights as 16 bits in a file, of which a block at a time is read. */
class VideoMaeFeaturesTest {
  private static final VideoMaeConfig SMALL = new VideoMaeConfig(32, 4, 3, 48, 28, 42);

  /** 20 blocks of 4.2 million weights: 336 MB in float32, 168 MB in 16 bits. */
  private static final VideoMaeConfig LARGE = new VideoMaeConfig(512, 8, 20, 3072, 28, 28);

  private static final int LARGE_MIB = 320;

  /** Of the heap: less than the weights in 16 bits, and enough for a block and the machine. */
  private static final int HEAP_MIB = 128;

  @TempDir Path folder;

  /**
   * Writes 16-bit weights in two files and an index.
   *
   * @param prefix of all names
   * @return the values by their names
   */
  static Map<String, HalfFloats> write(Path folder, VideoMaeConfig config, String prefix)
      throws IOException {
    Map<String, HalfFloats> values = new java.util.LinkedHashMap<>();
    List<SafeTensorsWriter> parts = List.of(new SafeTensorsWriter(), new SafeTensorsWriter());
    List<String> map = new ArrayList<>();
    for (Map.Entry<String, Entry> e :
        Outline.of(() -> new VideoMae(config)).stateDict().entrySet()) {
      Shape s = e.getValue().shape();
      float[] some = new float[s.size()];
      new RandomKey(5, map.size(), 0).random().normal(some, 0, some.length);
      for (int i = 0; i < some.length; i++) {
        some[i] = e.getKey().contains("norm") ? 1 + some[i] / 8 : some[i] / 16;
      }
      HalfFloats half = HalfFloats.round(HalfFloats.Format.FLOAT16, some);
      int part = map.size() % 2;
      map.add("\"%s%s\": \"part-%d.safetensors\"".formatted(prefix, e.getKey(), part));
      long[] shape = new long[s.rank()];
      for (int axis = 0; axis < shape.length; axis++) {
        shape[axis] = s.dim(axis);
      }
      parts.get(part).halves(prefix + e.getKey(), shape, half);
      if (config.equals(SMALL)) {
        values.put(e.getKey(), half);
      }
    }
    for (int i = 0; i < parts.size(); i++) {
      parts.get(i).write(folder.resolve("part-" + i + ".safetensors"));
    }
    Files.writeString(
        folder.resolve("m.index.json"), "{\"weight_map\": {" + String.join(",", map) + "}}");
    return values;
  }

  private static Tensor clips(int n, int height, int width) {
    return Tensor.generate(
        Shape.of(n, 3, VideoMaeConfig.FRAMES, height, width), i -> (i * 37L + i / 91) % 256);
  }

  /** Block by block the bits are those of the network that holds all of its weights. */
  @Test
  void aBlockAtATimeIsTheWholeNetwork() throws IOException {
    Map<String, HalfFloats> values = write(folder, SMALL, "module.");
    VideoMae whole = new VideoMae(SMALL);
    whole
        .stateDict()
        .forEach((name, entry) -> entry.write(values.get(name).widen(entry.shape()).toArray()));
    Tensor bytes = clips(2, 30, 20);
    try (VideoMaeFeatures streamed = VideoMaeFeatures.open(folder, SMALL);
        Tape scope = Tape.noGrad()) {
      assertEquals(32, streamed.dimensions());
      float[] got = streamed.features(bytes).toArray();
      float[] wanted = whole.forward(streamed.prepared(bytes), (place, x) -> {}).toArray();
      assertArrayEquals(wanted, got);
      assertTrue(got[0] != got[32], "the clips differ");
    }
  }

  @Test
  void weightsThatAreNoNumbersAreNamed() throws IOException {
    write(folder, SMALL, "");
    // The patches' weights come first, the last norm's are among the last.
    spoil(folder.resolve("part-0.safetensors"), 0.5);
    IOException early = assertThrows(IOException.class, () -> VideoMaeFeatures.open(folder, SMALL));
    assertTrue(early.getMessage().contains("'patch_embed.proj.weight' holds"), early.toString());
    write(folder, SMALL, "");
    spoil(folder.resolve("part-1.safetensors"), 0.5);
    try (VideoMaeFeatures streamed = VideoMaeFeatures.open(folder, SMALL)) {
      UncheckedIOException late =
          assertThrows(UncheckedIOException.class, () -> streamed.features(clips(1, 28, 42)));
      assertTrue(late.getMessage().contains("'blocks."), late.toString());
    }
  }

  private static void spoil(Path part, double at) throws IOException {
    byte[] bytes = Files.readAllBytes(part);
    int from = (int) (at * bytes.length);
    java.util.Arrays.fill(bytes, from, from + 64, (byte) 0x7f);
    Files.write(part, bytes);
  }

  /** In a machine whose memory holds neither its weights in float32 nor in 16 bits. */
  @Test
  void weightsStayInTheFile() throws IOException, InterruptedException {
    write(folder, LARGE, "model.");
    long onDisk =
        Files.size(folder.resolve("part-0.safetensors"))
            + Files.size(folder.resolve("part-1.safetensors"));
    assertTrue(onDisk > (LARGE_MIB / 2L) << 20, onDisk + " bytes");
    String said =
        new ChildMachine(
                Map.of(),
                "-Xmx" + HEAP_MIB + "m",
                "-XX:MaxDirectMemorySize=" + HEAP_MIB + "m",
                "--add-modules=jdk.incubator.vector",
                "-Dweights=" + folder)
            .run(Streamed.class);
    assertTrue(said.contains("512 features"), said);
  }

  /** What the other machine does. */
  static final class Streamed {
    private Streamed() {}

    public static void main(String[] args) throws IOException {
      try (VideoMaeFeatures network =
          VideoMaeFeatures.open(Path.of(System.getProperty("weights")), LARGE)) {
        float[] features = network.features(clips(1, 28, 28)).toArray();
        System.out.println(features.length + " features, the first " + features[0]);
      }
    }
  }
}
