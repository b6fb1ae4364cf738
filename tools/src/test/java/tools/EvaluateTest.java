package tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import engine.io.SafeTensorsWriter;
import engine.reference.Formula;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import medsora.config.ConfigTree;
import medsora.media.Clip;
import medsora.media.PngWriter;
import medsora.phantom.Phantom;
import medsora.train.manifest.EvaluationRecord;
import medsora.train.manifest.Manifest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.Runs.Outcome;

/** What ./run evaluate prints, writes and refuses. */
class EvaluateTest {
  private static final int SIZE = 16;

  @TempDir Path folder;
  private Path real;
  private Path generated;

  @BeforeEach
  void write() throws IOException {
    real = set("real", 1, 6);
    generated = set("generated", 2, 5);
  }

  private Path set(String name, long seed, int clips) throws IOException {
    for (int i = 0; i < clips; i++) {
      Clip clip = Phantom.render(seed, i, 17, SIZE);
      PngWriter.strip(folder.resolve(name).resolve("c" + i + ".png"), clip);
    }
    return folder.resolve(name);
  }

  private Outcome evaluate(Object... more) {
    List<Object> words = new ArrayList<>(List.of(real, generated, "--out", folder.resolve("out")));
    List<Object> given = List.of(more);
    words.addAll(given);
    if (!given.contains("--protocol")) {
      words.addAll(List.of("--protocol", "stylegan-v"));
    }
    if (!given.contains("--bootstrap")) {
      words.addAll(List.of("--bootstrap", 20));
    }
    if (!given.contains("--motion-clips")) {
      words.addAll(List.of("--motion-clips", 1));
    }
    return Runs.run(new Evaluate(), words.toArray());
  }

  private JsonNode json() throws IOException {
    return new ObjectMapper().readTree(folder.resolve("out/result.json").toFile());
  }

  @Test
  void measuresWhatWantsNoWeights() throws IOException {
    Outcome run = evaluate();
    assertEquals(0, run.code(), run.err());
    assertTrue(run.out().contains("real: 6 clips of 16x16 (16 frames every 1"), run.out());
    assertTrue(run.out().contains("FVD is not measured: it wants --weights of I3D"), run.out());
    assertEquals(2, json().get("numbers").size());
    for (int i = 0; i < 2; i++) {
      JsonNode number = json().get("numbers").get(i);
      String name = i == 0 ? "FD-phantom-frames" : "FD-phantom-motion";
      assertTrue(
          number.get("quote").asText().startsWith(name + "[stylegan-v, n=6:5, ddof 1, phantom-"),
          number.toString());
      assertTrue(run.out().contains(number.get("quote").asText()), run.out());
      assertTrue(number.get("weights").asText().matches("weights [0-9a-f]{12}"));
      assertTrue(number.get("value").asDouble() > 0);
      assertTrue(number.get("interval_95").get("high").asDouble() > 0);
      assertEquals(3, number.get("real_against_real").get("n_first").asInt());
    }
    assertEquals(6, json().get("real").get("sha256").size());
    assertEquals(5, json().get("copying").get("nearest").size());
    JsonNode looks = json().get("looks");
    assertTrue(looks.get("warp_error").get("real").get("mean").asDouble() > 0);
    JsonNode flicker = looks.get("flicker").get("generated");
    assertEquals(5, flicker.get("clips").size());
    double mean = flicker.get("mean").asDouble();
    assertTrue(mean > flicker.get("interval_95").get("low").asDouble());
    assertTrue(mean < flicker.get("interval_95").get("high").asDouble());
    String first = Files.readString(folder.resolve("out/result.json"));
    assertEquals(0, evaluate().code());
    assertEquals(first, Files.readString(folder.resolve("out/result.json")));
    EvaluationRecord manifest = Manifest.read(folder.resolve("out")).evaluation().orElseThrow();
    assertEquals(ConfigTree.sha256(first), manifest.resultSha256());
    assertEquals("stylegan-v", manifest.settings().get("protocol"));
    Outcome audit = Runs.run(new Audit(), folder.resolve("out"));
    assertEquals(0, audit.code(), audit.err());
    assertTrue(audit.out().contains("all its numbers: 5 clips against 6"), audit.out());
    anotherClipIsFound();
    anEditedNumberIsFound();
  }

  private void anotherClipIsFound() throws IOException {
    Path moved = set("moved", 2, 4);
    PngWriter.strip(moved.resolve("c4.png"), Phantom.render(3, 4, 17, SIZE));
    Outcome audit = Runs.run(new Audit(), folder.resolve("out"), "--generated", moved);
    assertEquals(1, audit.code(), audit.err());
    assertTrue(audit.out().contains("DIFFERS: the generated clips of"), audit.out());
    Outcome none = Runs.run(new Audit(), folder.resolve("out"), "--real", folder.resolve("none"));
    assertEquals(2, none.code(), none.err());
    assertTrue(none.out().contains("--real, --generated, --held-out say where"), none.out());
  }

  /** With the hash of the file made anew, as a forger would. */
  private void anEditedNumberIsFound() throws IOException {
    Path out = folder.resolve("out");
    Path file = out.resolve("result.json");
    String whole = Files.readString(file);
    double value = json().get("numbers").get(1).get("value").asDouble();
    Files.writeString(file, whole.replace(Double.toString(value), "0.5"));
    Outcome other = Runs.run(new Audit(), out);
    assertEquals(1, other.code(), other.err());
    assertTrue(other.out().contains("sha256 there"), other.out());
    Manifest read = Manifest.read(out);
    EvaluationRecord e = read.evaluation().orElseThrow();
    String hash = ConfigTree.sha256(Files.readString(file));
    read.with(new EvaluationRecord(e.made(), e.settings(), e.inputs(), e.result(), hash))
        .write(out);
    Outcome audit = Runs.run(new Audit(), out);
    assertEquals(1, audit.code(), audit.err());
    assertTrue(audit.out().contains("/numbers/1/value: there 0.5, here " + value), audit.out());
  }

  @Test
  void namesCopies() throws IOException {
    Files.copy(real.resolve("c3.png"), generated.resolve("d.png"));
    Outcome run = evaluate("--protocol", "tensorflow", "--motion-clips", 0);
    assertEquals(0, run.code(), run.err());
    assertTrue(run.out().contains("1 of 6 generated clips are byte for byte real ones"), run.out());
    JsonNode nearest = json().get("copying").get("nearest").get(0);
    assertEquals("d.png from 0", nearest.get("generated").asText());
    assertEquals("c3.png from 0", nearest.get("real").asText());
    assertEquals(0, nearest.get("distance").asDouble());
    assertTrue(json().get("copying").get("nearer_than_any").asInt() >= 1);
  }

  @Test
  void quotesTheDistanceOfGivenFeatures() throws IOException {
    Path features = folder.resolve("features.safetensors");
    float[] x = Formula.input(3, 1, new long[] {30, 4}, 1, 0);
    float[] y = Formula.input(3, 2, new long[] {20, 4}, 1, 0.5);
    new SafeTensorsWriter()
        .floats("real", new long[] {30, 4}, x)
        .floats("generated", new long[] {20, 4}, y)
        .write(features);
    Outcome run = evaluate("--features", features, "--bootstrap", 20, "--motion-clips", 0);
    assertEquals(0, run.code(), run.err());
    JsonNode number = json().get("numbers").get(0);
    assertEquals("FVD", number.get("metric").asText());
    assertTrue(
        number.get("quote").asText().startsWith("FVD[stylegan-v, n=30:20, ddof 0, I3D, "),
        number.toString());
    assertTrue(run.out().contains(number.get("quote").asText()), run.out());
    double value = number.get("value").asDouble();
    assertTrue(number.get("interval_95").get("low").asDouble() < value);
    assertTrue(number.get("interval_95").get("high").asDouble() > value);
    assertTrue(number.get("real_against_real").get("value").asDouble() < value);
    assertEquals(6, number.get("infinite_n").get("points").size());
    assertEquals(3, number.get("precision_recall").get("k").asInt());
  }

  @Test
  void refusesWhatCannotBeCompared() throws IOException {
    assertRefused("share a folder", Runs.run(new Evaluate(), real, real));
    assertRefused("the generated and the held-out set share", evaluate("--held-out", generated));
    assertRefused("no protocol 'fvd'", evaluate("--protocol", "fvd"));
    assertRefused("--bootstrap wants 0, or at least 2", evaluate("--bootstrap", 1));
    assertRefused("two are the least", evaluate("--spacing", 2));
    Path weights = folder.resolve("w.safetensors");
    new SafeTensorsWriter().floats("other", new long[] {1}, 1f).write(weights);
    assertRefused("holds no network of protocol stylegan-v", evaluate("--weights", weights));
    assertRefused(
        "of its 1 names none is Conv3d_1a_7x7.conv3d.weight or", evaluate("--weights", weights));
    assertRefused("they are such as other", evaluate("--weights", weights));
    assertRefused("is read with --weights of C3D alone", evaluate("--c3d-mean", weights));
    assertRefused("has no tensor 'real'", evaluate("--features", weights));
    Path unequal = folder.resolve("unequal.safetensors");
    new SafeTensorsWriter()
        .floats("real", new long[] {2, 3}, new float[6])
        .floats("generated", new long[] {2, 2}, new float[4])
        .write(unequal);
    Outcome widths = evaluate("--features", unequal);
    assertRefused("'real' has 3 features and 'generated' 2", widths);
    assertTrue(!widths.err().contains("frames searched for copies"), widths.err());
    PngWriter.strip(generated.resolve("x.png"), Phantom.render(1, 0, 17, 2 * SIZE));
    assertRefused("x.png: is 32x32, c0.png is 16x16", evaluate());
  }

  private static void assertRefused(String words, Outcome run) {
    assertTrue(run.code() != 0 && run.err().contains(words), run.err());
  }
}
