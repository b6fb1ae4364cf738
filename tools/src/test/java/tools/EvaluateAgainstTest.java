package tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import medsora.media.PngWriter;
import medsora.phantom.Phantom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.Runs.Outcome;

/** Two evaluations side by side, and what becomes of a result that was written by someone else. */
class EvaluateAgainstTest {
  @TempDir Path folder;
  private Path real;
  private Path first;
  private Path second;

  @BeforeEach
  void write() throws IOException {
    real = set("real", 1, 3);
    first = set("first", 2, 2);
    second = set("second", 3, 3);
  }

  private Path set(String name, long seed, int clips) throws IOException {
    for (int i = 0; i < clips; i++) {
      PngWriter.strip(
          folder.resolve(name).resolve("c" + i + ".png"), Phantom.render(seed, i, 16, 16));
    }
    return folder.resolve(name);
  }

  private Outcome evaluate(Path generated, String out, Object... more) {
    List<Object> words = new ArrayList<>(List.of(real, generated, "--out", folder.resolve(out)));
    words.addAll(List.of("--motion-clips", 1, "--bootstrap", 20));
    words.addAll(List.of(more));
    return Runs.run(new Evaluate(), words.toArray());
  }

  private JsonNode json(String out) throws IOException {
    return new ObjectMapper().readTree(folder.resolve(out).resolve("result.json").toFile());
  }

  @Test
  void everyNumberStandsBesideItsOther() throws IOException {
    assertEquals(0, evaluate(first, "one").code());
    Outcome run = evaluate(second, "two", "--against", folder.resolve("one"));
    assertEquals(0, run.code(), run.err());
    JsonNode flicker = null;
    for (JsonNode compared : json("two").get("against")) {
      flicker = compared.get("number").asText().equals("flicker") ? compared : flicker;
      JsonNode interval = compared.get("interval_95");
      double difference = compared.get("difference").asDouble();
      assertTrue(interval.get("low").asDouble() <= difference, compared.toString());
      assertTrue(interval.get("high").asDouble() >= difference, compared.toString());
    }
    JsonNode frames = json("two").at("/against/0");
    assertEquals("FD-phantom-frames", frames.get("number").asText());
    assertEquals(json("one").at("/numbers/0/value"), frames.get("other"));
    assertEquals(json("two").at("/numbers/0/value"), frames.get("value"));
    assertEquals(
        json("one").at("/looks/flicker/generated/mean"), flicker.get("other"), "the other's value");
    assertEquals(json("two").at("/looks/flicker/generated/mean"), flicker.get("value"));
    assertTrue(run.out().contains("there, difference"), run.out());
    String page = Files.readString(folder.resolve("two/report.html"));
    assertTrue(page.contains("<h2>Against another run</h2>"), page);
  }

  @Test
  void whatWasMeasuredOtherwiseIsRefusedByName() throws IOException {
    assertEquals(0, evaluate(first, "one").code());
    Path one = folder.resolve("one");
    assertRefused(
        "seed is 7 here and 0 there", evaluate(second, "x", "--against", one, "--seed", 7));
    assertRefused(
        "protocol is tensorflow here and paper there",
        evaluate(second, "x", "--against", one, "--protocol", "tensorflow"));
    assertRefused(
        "rule of the real clips, most is 2 here and 2048 there",
        evaluate(second, "x", "--against", one, "--clips", 2));
    assertRefused("choose another --out", evaluate(second, "one", "--against", one));
    Path rows = one.resolve("features/FD-phantom-frames-generated.txt");
    Files.writeString(rows, "ab".repeat(32) + "\n");
    assertRefused("lacks the clip abab", evaluate(second, "x", "--against", one));
    Files.writeString(rows, "../../../etc/passwd\n");
    assertRefused("line 1 is no SHA-256", evaluate(second, "x", "--against", one));
    Files.delete(rows);
    assertRefused("run that evaluation again", evaluate(second, "x", "--against", one));
    PngWriter.strip(real.resolve("c0.png"), Phantom.render(9, 9, 16, 16));
    Outcome other = evaluate(second, "x", "--against", one);
    assertRefused("real clip 0, sha256 is", other);
    assertTrue(!other.err().contains("frames searched for copies"), other.err());
    Files.delete(real.resolve("c2.png"));
    assertRefused(
        "number of real clips is 2 here and 3 there", evaluate(second, "x", "--against", one));
  }

  @Test
  void aResultFileIsNotTrusted() throws IOException {
    assertEquals(0, evaluate(first, "one").code());
    Path file = folder.resolve("one/result.json");
    String good = Files.readString(file);
    String hash = json("one").at("/real/sha256/1/sha256").asText();
    String flicker = json("one").at("/looks/flicker/generated/clips/1").asText();
    String[][] cases = {
      {"is no JSON", "{\"protocol\": \"paper\""},
      {"is no JSON", "[".repeat(5000)},
      {"is no JSON object", "[1, 2]"},
      {"protocol is paper here and missing there", "{}"},
      {"protocol is paper here and [\"paper\"] there", good.replace("\"paper\"", "[\"paper\"]")},
      {"real.sha256 holds", good.replace(hash, "../../etc")},
      {"real.sha256 is missing", good.replace("\"sha256\" : [", "\"other\" : [")},
      {"looks.flicker.generated.clips holds", good.replace(flicker, "1e999")},
      {"looks.flicker.generated.clips holds", good.replace(flicker, "\"many\"")},
    };
    for (String[] each : cases) {
      Files.writeString(file, each[1]);
      assertRefused(each[0], evaluate(second, "x", "--against", folder.resolve("one")));
    }
    Files.delete(file);
    assertRefused(
        "wants the --out folder of an evaluation",
        evaluate(second, "x", "--against", folder.resolve("one")));
  }

  private static void assertRefused(String words, Outcome run) {
    assertTrue(run.code() != 0 && run.err().contains(words), words + ": " + run.err());
    assertTrue(!run.err().contains("fault of the program"), run.err());
  }
}
