package tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import medsora.media.PngWriter;
import medsora.metric.distance.MotionOfClip;
import medsora.phantom.Phantom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.Runs.Outcome;
import tools.soak.Child;

/** An evaluation that is asked to stop goes on where it was. */
class EvaluateStopTest {
  private static final long PATIENCE = 300;

  /** Hash, floats and sum of a record in a file of features. */
  private static final int RECORD = 32 + 4 * MotionOfClip.KEPT + 4;

  @TempDir Path folder;

  private Path set(String name, long seed, int clips) throws IOException {
    for (int i = 0; i < clips; i++) {
      PngWriter.strip(
          folder.resolve(name).resolve("c" + i + ".png"), Phantom.render(seed, i, 16, 16));
    }
    return folder.resolve(name);
  }

  @Test
  void whatWasComputedIsNotComputedAgain() throws Exception {
    String real = set("real", 1, 4).toString();
    String generated = set("generated", 2, 4).toString();
    String out = folder.resolve("out").toString();
    List<String> words = List.of(real, generated, "--bootstrap", "20", "--out", out);
    try (Child child =
        Child.start(
            Child.command(Evaluate.class, List.of("-Xmx1g"), words), folder.resolve("said"))) {
      while (motionClips() < 2) {
        assertTrue(child.isAlive() && child.age() < PATIENCE, child.said());
        Thread.sleep(5);
      }
      assertTrue(ProcessHandle.of(child.pid()).orElseThrow().destroy());
      assertEquals(143, child.end(PATIENCE), child.said());
      assertTrue(child.said().contains("what was computed is kept"), child.said());
    }
    assertFalse(Files.exists(folder.resolve("out/result.json")));
    Outcome again = Runs.run(new Evaluate(), words.toArray());
    assertEquals(0, again.code(), again.err());
    assertEquals(8, motionClips());
    String whole = folder.resolve("whole").toString();
    assertEquals(
        0, Runs.run(new Evaluate(), real, generated, "--bootstrap", 20, "--out", whole).code());
    assertArrayEquals(
        Files.readAllBytes(folder.resolve("whole/result.json")),
        Files.readAllBytes(folder.resolve("out/result.json")));
  }

  /** The whole records in the file of motion. */
  private long motionClips() throws IOException {
    Path features = folder.resolve("out/features");
    if (!Files.isDirectory(features)) {
      return 0;
    }
    try (Stream<Path> files = Files.list(features)) {
      for (Path text : files.filter(f -> f.toString().endsWith(".txt")).toList()) {
        if (Files.readString(text).startsWith("motion ")) {
          Path records = Path.of(text.toString().replace(".txt", ".bin"));
          return Files.exists(records) ? Files.size(records) / RECORD : 0;
        }
      }
    }
    return 0;
  }
}
