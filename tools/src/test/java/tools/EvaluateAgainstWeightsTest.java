package tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import medsora.media.PngWriter;
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

/** {@code --against} for the numbers of published networks, with weights by formula. */
class EvaluateAgainstWeightsTest {
  private static final int SIZE = 16;

  @TempDir Path folder;

  /** Videos of 16 and 18 frames of which few are different, so that few are computed. */
  @BeforeEach
  void clips() throws IOException {
    for (String set : List.of("real", "first", "second")) {
      for (int i = 0; i < 3; i++) {
        int[] frames = new int[i == 2 ? 18 : 16];
        for (int t = 0; t < frames.length; t++) {
          frames[t] = 8 * (t % 2);
        }
        PngWriter.strip(
            folder.resolve(set).resolve("c" + i + ".png"),
            Phantom.render(set.length(), i, 16, SIZE).pick(frames));
      }
    }
  }

  private Path weights(String name, Supplier<Module> network) throws IOException {
    Path file = folder.resolve(name + ".safetensors");
    FormulaFiles.write(file, Outline.of(network));
    return file;
  }

  private Outcome evaluate(String generated, String out, Object... more) {
    List<Object> words = new ArrayList<>(List.of(folder.resolve("real")));
    words.addAll(List.of(folder.resolve(generated), "--out", folder.resolve(out)));
    words.addAll(List.of("--motion-clips", 0, "--bootstrap", 10));
    words.addAll(List.of(more));
    return Runs.run(new Evaluate(), words.toArray());
  }

  private JsonNode entry(String out, String list, String field, String name) throws IOException {
    JsonNode json =
        new ObjectMapper().readTree(folder.resolve(out).resolve("result.json").toFile());
    for (JsonNode each : json.get(list)) {
      if (each.get(field).asText().equals(name)) {
        return each;
      }
    }
    throw new AssertionError("no " + name + " in " + json.get(list));
  }

  /** Both numbers stand side by side, and the interval of their difference holds it. */
  private void assertCompared(String name, String how) throws IOException {
    JsonNode found = entry("two", "against", "number", name);
    double mine = entry("two", "numbers", "metric", name).get("value").asDouble();
    double other = entry("one", "numbers", "metric", name).get("value").asDouble();
    assertEquals(mine, found.get("value").asDouble(), name);
    assertEquals(other, found.get("other").asDouble(), name);
    assertEquals(mine - other, found.get("difference").asDouble(), name);
    double low = found.at("/interval_95/low").asDouble();
    double high = found.at("/interval_95/high").asDouble();
    assertTrue(low < high && low <= mine - other && mine - other <= high, found.toString());
    assertEquals(low > 0 || high < 0, found.get("excludes_zero").asBoolean());
    assertEquals(how, found.get("how").asText());
  }

  /** Of a run of the same clips elsewhere nothing differs. */
  private void assertSame(String name) throws IOException {
    JsonNode found = entry("again", "against", "number", name);
    assertEquals(0, found.get("difference").asDouble(), found.toString());
    assertTrue(found.at("/interval_95/low").asDouble() <= 0, found.toString());
    assertTrue(found.at("/interval_95/high").asDouble() >= 0, found.toString());
    assertFalse(found.get("excludes_zero").asBoolean());
  }

  @Test
  void distancesAndScoresOfClipsAndFrames() throws IOException {
    Object[] both = {
      "--protocol", "stylegan-v",
      "--weights", weights("i3d", () -> new I3d(I3d.EPS)),
      "--weights", weights("inception", Inception::new)
    };
    assertDone(evaluate("first", "one", both));
    copyFeatures("one", "two");
    Outcome run = evaluate("second", "two", with(both, "--against", folder.resolve("one")));
    assertDone(run);
    for (String name : List.of("FVD", "FID", "IS")) {
      assertCompared(name, "10 paired draws");
      assertTrue(run.out().contains(name + ": "), run.out());
    }
    JsonNode fid = entry("two", "numbers", "metric", "FID");
    assertEquals("videos", fid.get("drawn").asText());
    assertEquals(50, fid.get("n_real").asInt());
    assertEquals(50, fid.get("n_generated").asInt());
    assertTrue(run.out().contains("95 % of 10 resamplings of whole videos between"), run.out());
    assertFalse(run.out().contains("single frames"), run.out());
    copyFeatures("one", "again");
    assertDone(evaluate("first", "again", with(both, "--against", folder.resolve("one"))));
    for (String name : List.of("FVD", "FID", "IS")) {
      assertSame(name);
    }
    Path list = folder.resolve("one/features/FID-generated.txt");
    assertEquals(List.of(16, 16, 18), lengths(Files.readString(list)));
    Files.writeString(list, Files.readString(list).replace("\n\n", "\n"));
    Outcome old = evaluate("second", "two", with(both, "--against", folder.resolve("one")));
    assertTrue(old.err().contains("does not say where videos end"), old.err());
  }

  private static List<Integer> lengths(String text) {
    return java.util.Arrays.stream(text.split("\n\n")).map(v -> v.split("\n").length).toList();
  }

  @Test
  void consistencyOfFrames() throws IOException {
    Object[] clip = {"--weights", weights("clip", () -> new Clip(ClipConfig.B32))};
    assertDone(evaluate("first", "one", clip));
    copyFeatures("one", "two");
    assertDone(evaluate("second", "two", with(clip, "--against", folder.resolve("one"))));
    assertCompared("FC", "clips drawn anew, n=3 and 3");
    copyFeatures("one", "again");
    assertDone(evaluate("first", "again", with(clip, "--against", folder.resolve("one"))));
    assertSame("FC");
  }

  private static Object[] with(Object[] words, Object... more) {
    List<Object> all = new ArrayList<>(List.of(words));
    all.addAll(List.of(more));
    return all.toArray();
  }

  private static void assertDone(Outcome run) {
    assertEquals(0, run.code(), run.err());
  }

  /** What a run has computed another one finds. */
  private void copyFeatures(String from, String to) throws IOException {
    Path there = Files.createDirectories(folder.resolve(to).resolve("features"));
    try (var files = Files.list(folder.resolve(from).resolve("features"))) {
      for (Path file : files.toList()) {
        Files.copy(file, there.resolve(file.getFileName()));
      }
    }
  }
}
