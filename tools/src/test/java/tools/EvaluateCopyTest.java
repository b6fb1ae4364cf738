package tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
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
import medsora.media.Clip;
import medsora.media.GifWriter;
import medsora.media.PngWriter;
import medsora.phantom.Phantom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.Runs.Outcome;
import tools.program.SideBySide;

/** What ./run evaluate says where generated clips are real ones, wherever they begin. */
class EvaluateCopyTest {
  private static final int SIZE = 16;

  @TempDir Path folder;
  private Path real;

  @BeforeEach
  void write() throws IOException {
    real = folder.resolve("real");
    for (int i = 0; i < 4; i++) {
      PngWriter.strip(real.resolve("c" + i + ".png"), Phantom.render(1, i, 40, SIZE));
    }
  }

  private static Clip some(int video, int from, int every) {
    return Phantom.render(1, video, 40, SIZE)
        .pick(java.util.stream.IntStream.range(0, 16).map(t -> from + every * t).toArray());
  }

  private Outcome evaluate(Path generated, Object... more) {
    List<Object> words = new ArrayList<>(List.of(real, generated, "--out", folder.resolve("out")));
    words.addAll(List.of("--protocol", "tensorflow", "--motion-clips", 0, "--bootstrap", 0));
    words.addAll(List.of(more));
    Outcome run = Runs.run(new Evaluate(), words.toArray());
    assertEquals(0, run.code(), run.err());
    return run;
  }

  private JsonNode copying() throws IOException {
    return new ObjectMapper().readTree(folder.resolve("out/result.json").toFile()).get("copying");
  }

  /** The protocol draws the real clip from frame 0; the copy begins with frame 7. */
  @Test
  void aCopyFromWithinALongVideoIsFoundAndShown() throws IOException {
    Path generated = folder.resolve("generated");
    for (int i = 0; i < 3; i++) {
      PngWriter.strip(generated.resolve("g" + i + ".png"), Phantom.render(2, i, 16, SIZE));
    }
    PngWriter.strip(generated.resolve("copy.png"), some(2, 7, 1));
    Outcome run = evaluate(generated);
    assertTrue(
        run.out().contains("1 of 4 generated clips are byte for byte real ones: copy.png from 0"),
        run.out());
    assertTrue(run.out().contains("real frames that are 1 apart alone"), run.out());
    JsonNode nearest = copying().get("nearest").get(0);
    assertEquals("copy.png from 0", nearest.get("generated").asText());
    assertEquals("c2.png from 7", nearest.get("real").asText());
    assertEquals(0, nearest.get("distance").asDouble());
    assertEquals("byte for byte a real clip", nearest.get("bytes").asText());
    assertFalse(copying().get("nearest").get(1).has("bytes"));
    assertEquals(
        "every begin of every real video, frames 1 apart", copying().get("searched").asText());
    assertEquals(1, copying().get("nearer_than_any").asInt());
    Path picture = folder.resolve("out/report/generated-0-real-2-7.gif");
    Path wanted = folder.resolve("wanted.gif");
    GifWriter.write(wanted, SideBySide.clip(some(2, 7, 1), some(2, 7, 1)).at(8));
    assertArrayEquals(Files.readAllBytes(wanted), Files.readAllBytes(picture));
    String page = Files.readString(folder.resolve("out/report.html"));
    assertTrue(page.contains("report/generated-0-real-2-7.gif"), page);
    assertTrue(page.contains("byte for byte a real clip"), page);
    assertTrue(page.contains("--spacing N looks N apart"), page);
  }

  /** Held-out clips are looked for in the same way, and must be none of the real ones. */
  @Test
  void heldOutClipsAreSearchedForAtEveryBegin() throws IOException {
    Path generated = folder.resolve("generated");
    Path heldOut = folder.resolve("held");
    for (int i = 0; i < 2; i++) {
      PngWriter.strip(generated.resolve("g" + i + ".png"), Phantom.render(2, i, 16, SIZE));
      PngWriter.strip(heldOut.resolve("h" + i + ".png"), Phantom.render(3, i, 16, SIZE));
    }
    assertFalse(evaluate(generated, "--held-out", heldOut).out().contains("not held out"));
    assertTrue(copying().get("reference_nearest").asDouble() > 0);
    PngWriter.strip(heldOut.resolve("h1.png"), some(3, 9, 1));
    Outcome run = evaluate(generated, "--held-out", heldOut);
    assertEquals(0, copying().get("reference_nearest").asDouble());
    assertTrue(
        run.out().contains("1 of 2 held-out clips are byte for byte clips of real videos"),
        run.out());
  }

  @Test
  void theRealSetUnderOtherNamesAndInAnotherOrderIsNoticed() throws IOException {
    Path generated = folder.resolve("generated");
    for (int i = 0; i < 4; i++) {
      PngWriter.strip(generated.resolve("z" + (9 - i) + ".png"), some(i, 3 + i, 1));
    }
    String equal = "the generated set is the real one under other names";
    Outcome run = evaluate(generated);
    assertTrue(run.out().contains("4 of 4 generated clips are byte for byte real ones"), run.out());
    assertTrue(run.out().contains(equal), run.out());
    PngWriter.strip(generated.resolve("z9.png"), some(0, 1, 2));
    run = evaluate(generated);
    assertTrue(run.out().contains("3 of 4 generated clips are byte for byte real ones"), run.out());
    assertTrue(run.out().contains("1 of 4 generated clips are made of frames of real"), run.out());
    assertTrue(run.out().contains("in another order or spacing: z9.png from 0"), run.out());
    for (JsonNode pair : copying().get("nearest")) {
      boolean mixed = pair.get("generated").asText().equals("z9.png from 0");
      String what = mixed ? "made of frames of real videos" : "byte for byte a real clip";
      assertEquals(what, pair.get("bytes").asText());
    }
    assertTrue(run.out().contains(equal), run.out());
    PngWriter.strip(generated.resolve("z9.png"), Phantom.render(2, 0, 16, SIZE));
    assertFalse(evaluate(generated).out().contains(equal));
  }
}
