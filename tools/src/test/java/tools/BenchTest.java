package tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.Runs.Outcome;

/** The program itself: its options, and one small row from end to end. */
class BenchTest {
  @TempDir Path folder;

  @Test
  void listsWhatItWouldMeasure() {
    Outcome quick = Runs.run(new Bench(), "--quick", "--list");
    assertEquals(0, quick.code(), quick.err());
    assertEquals(5, quick.out().lines().count());
    Outcome skinny = Runs.run(new Bench(), "--only", "matmul-6x*,matmul-48x*", "--list");
    assertTrue(
        skinny.out().lines().allMatch(l -> l.matches("matmul-(6|48)x.* multiply-adds *")),
        skinny.out());
  }

  @Test
  void figure6HasSixModels() {
    Outcome all = Runs.run(new Bench(), "--figure6", "--list");
    assertEquals(0, all.code(), all.err());
    assertEquals(
        List.of(
            "figure6-MedSora-S",
            "figure6-MedSora-B",
            "figure6-MedSora-L",
            "figure6-Endora-S",
            "figure6-Endora-B",
            "figure6-Endora-L"),
        all.out().lines().map(l -> l.split(" ", 2)[0]).toList());
    Outcome one = Runs.run(new Bench(), "--figure6", "--list", "--only", "*-Endora-B");
    assertTrue(one.out().matches("figure6-Endora-B +32960\\d{7} multiply-adds *\\R"), one.out());
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    Outcome none = Runs.run(new Bench(), "--only", "nothing-*");
    assertEquals(1, none.code());
    assertTrue(none.err().contains("no row is called nothing-*; --list"), none.err());
    assertEquals(2, Runs.run(new Bench(), "--against", "numpy").code());
    assertEquals(1, Runs.run(new Bench(), "--threads", "0", "--list").code());
  }

  /** On scalar loops, which the process of the row is told too. */
  @Test
  void measuresARow() throws Exception {
    Path json = folder.resolve("rows.json");
    Path chart = folder.resolve("new/roofline.png");
    Outcome o =
        Runs.run(
            new Bench(),
            "--quick",
            "--only",
            "matmul-384x2320x512",
            "--threads",
            1,
            "--backend",
            "scalar",
            "--json",
            json,
            "--chart",
            chart);
    assertEquals(0, o.code(), o.err());
    assertTrue(o.out().contains("backend: ScalarKernels"), o.out());
    JsonNode list = new ObjectMapper().readTree(json.toFile());
    assertEquals(4, list.size(), "three ceilings and a row");
    assertEquals("matmul-384x2320x512", list.get(3).get("name").asText());
    assertEquals(384L * 2320 * 512, list.get(3).get("work").asLong());
    assertTrue(list.get(3).get("seconds").asDouble() > 0);
    assertTrue(Files.size(chart) > 0);
  }
}
