package tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.Runs.Outcome;

/** The program from end to end on small sizes. */
class GrowthTest {
  @TempDir Path folder;

  @Test
  void measuresAndFits() throws Exception {
    Path chart = folder.resolve("new/growth.png");
    Outcome o =
        Runs.run(
            new Bench(),
            "growth",
            "--pixels",
            "32,16",
            "--depth",
            "1",
            "--limit",
            60,
            "--chart",
            chart);
    assertEquals(0, o.code(), o.err());
    assertTrue(o.out().contains("of the tokens of a frame (residual"), o.out());
    assertTrue(o.out().contains("too few sizes"), o.out());
    assertTrue(Files.size(chart) > 0);
  }

  @Test
  void refusesWhatCannotBe() {
    assertEquals(1, Runs.run(new Bench(), "growth", "--pixels", "20").code());
    assertEquals(1, Runs.run(new Bench(), "growth", "--limit", "0").code());
  }

  /** What takes too long is left out and said. */
  @Test
  void endsWhatTakesTooLong() {
    Outcome o =
        Runs.run(
            new Bench(),
            "growth",
            "--frames",
            "64,128",
            "--limit",
            1,
            "--chart",
            folder.resolve("none.png"));
    assertEquals(1, o.code());
    assertTrue(o.err().contains("longer than 1 s (--limit)"), o.err());
  }
}
