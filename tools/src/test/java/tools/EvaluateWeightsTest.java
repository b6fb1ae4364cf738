package tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import engine.reference.Formula;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import medsora.media.PngWriter;
import medsora.metric.network.C3d;
import medsora.metric.network.Clip;
import medsora.metric.network.ClipConfig;
import medsora.metric.network.I3d;
import medsora.metric.network.Inception;
import medsora.phantom.Phantom;
import nn.Module;
import nn.Outline;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.Runs.Outcome;

/** {@code ./run evaluate --weights} with weights by formula, on two small clips of each set. */
class EvaluateWeightsTest {
  private static final int SIZE = 16;

  /** Few frames again and again: features of a frame that was seen before are not computed. */
  private static final int[] FEW = {0, 8, 0, 8, 0, 8, 0, 8, 0, 8, 0, 8, 0, 8, 0, 8};

  @TempDir Path folder;

  @BeforeEach
  void clips() throws IOException {
    for (int i = 0; i < 4; i++) {
      Path file = folder.resolve(i < 2 ? "real" : "generated").resolve("c" + i + ".png");
      PngWriter.strip(file, Phantom.render(1, i, 16, SIZE).pick(FEW));
    }
  }

  private Path weights(String name, Supplier<Module> network) throws IOException {
    Path file = folder.resolve(name + ".safetensors");
    FormulaFiles.write(file, Outline.of(network));
    return file;
  }

  private Path sharded(String name, Supplier<Module> network) throws IOException {
    Path parts = folder.resolve(name);
    FormulaFiles.writeSharded(parts, Outline.of(network));
    return parts;
  }

  private Outcome evaluate(String protocol, Object... more) {
    List<Object> words = new ArrayList<>(List.of(folder.resolve("real")));
    words.addAll(List.of(folder.resolve("generated"), "--out", folder.resolve("out")));
    words.addAll(List.of("--protocol", protocol, "--motion-clips", 0, "--bootstrap", 0));
    words.addAll(List.of(more));
    Outcome run = Runs.run(new Evaluate(), words.toArray());
    assertEquals(0, run.code(), run.err());
    return run;
  }

  private JsonNode number(int i) throws IOException {
    JsonNode json = new ObjectMapper().readTree(folder.resolve("out/result.json").toFile());
    return json.get("numbers").get(i);
  }

  @Test
  void i3d() throws IOException {
    Outcome run = evaluate("stylegan-v", "--weights", weights("i3d", () -> new I3d(I3d.EPS)));
    assertTrue(run.err().contains("FVD: I3D Kinetics-400 logits"), run.err());
    assertEquals("FVD", number(0).get("metric").asText());
    assertTrue(number(0).get("value").asDouble() > 0, run.out());
    double whole = number(0).get("value").asDouble();
    String hash = number(0).get("weights").asText();
    Path parts = sharded("parts", () -> new I3d(I3d.EPS));
    evaluate("stylegan-v", "--weights", parts);
    assertEquals(whole, number(0).get("value").asDouble(), "of several files the same");
    String ofParts = number(0).get("weights").asText();
    assertNotEquals(hash, ofParts);
    Path part = parts.resolve(FormulaFiles.shard(1));
    refused("is one of several files: give their index", part);
    FormulaFiles.write(part, Outline.of(() -> new I3d(I3d.EPS)));
    evaluate("stylegan-v", "--weights", parts.resolve("model.safetensors.index.json"));
    assertNotEquals(ofParts, number(0).get("weights").asText(), "each file is hashed");
    Files.delete(parts.resolve("model.safetensors.index.json"));
    refused("is a folder without an index of weights", parts);
    Files.delete(part);
    Files.delete(parts.resolve(FormulaFiles.shard(0)));
    refused("it holds no file of weights", parts);
    refused("no such file", folder.resolve("nowhere"));
  }

  private void refused(String words, Path weights) {
    Outcome run =
        Runs.run(
            new Evaluate(),
            folder.resolve("real"),
            folder.resolve("generated"),
            "--out",
            folder.resolve("x"),
            "--protocol",
            "stylegan-v",
            "--weights",
            weights);
    assertEquals(1, run.code(), run.err());
    assertTrue(run.err().contains(words), words + ": " + run.err());
  }

  /** One network for both of its numbers, in several files. */
  @Test
  void inception() throws IOException {
    Outcome run = evaluate("stylegan-v", "--weights", sharded("inception", Inception::new));
    assertTrue(run.err().contains("FID: Inception 2015-12-05"), run.err());
    assertTrue(run.err().contains("IS: Inception 2015-12-05"), run.err());
    assertEquals("FID", number(0).get("metric").asText());
    assertTrue(number(0).get("value").asDouble() > 0, run.out());
    assertEquals("IS", number(1).get("metric").asText());
    assertTrue(number(1).get("value").asDouble() >= 1, run.out());
  }

  @Test
  void clip() throws IOException {
    Outcome run = evaluate("paper", "--weights", sharded("clip", () -> new Clip(ClipConfig.B32)));
    assertEquals("FC", number(0).get("metric").asText());
    double value = number(0).get("value").asDouble();
    assertTrue(value > 0 && value <= 100, run.out());
  }

  /** Two clips are no ten splits, but their features are there. */
  @Test
  void c3dWantsItsMean() throws IOException {
    Path weights = sharded("c3d", C3d::new);
    Path mean = folder.resolve("mean.npz");
    mean(mean);
    Outcome run = evaluate("stylegan-v", "--weights", weights, "--c3d-mean", mean);
    assertTrue(run.err().contains("IS-C3D: C3D UCF-101"), run.err());
    assertTrue(run.out().contains("IS-C3D is not measured: 2 samples are no 10 splits"), run.out());
  }

  /** A file of numpy.savez. */
  private static void mean(Path file) throws IOException {
    float[] values = Formula.input(1, 0, new long[] {3, 16, 120, 121}, 20, 100);
    String header =
        "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 16, 120, 121), }            \n";
    ByteBuffer bytes =
        ByteBuffer.allocate(10 + header.length() + 4 * values.length)
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
    bytes.putShort((short) header.length()).put(header.getBytes(StandardCharsets.ISO_8859_1));
    for (float value : values) {
      bytes.putFloat(value);
    }
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry("mean.npy"));
      zip.write(bytes.array());
    }
  }
}
