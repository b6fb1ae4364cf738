package tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.Runs.Outcome;

/** What evaluate and check-weights refuse before they measure. */
class EvaluateOptionsTest {
  @TempDir Path folder;

  @Test
  void resultsDoNotLieAmongTheClips() throws IOException {
    Path real = Files.createDirectory(folder.resolve("real"));
    Path generated = Files.createDirectory(folder.resolve("generated"));
    for (Path inside : new Path[] {real, generated.resolve("eval")}) {
      Outcome o = Runs.run(new Evaluate(), real, generated, "--out", inside);
      assertEquals(1, o.code(), o.err());
      assertTrue(o.err().contains("whose clips are measured"), o.err());
    }
  }

  @Test
  void weightsThatAreNoneOrCalledLikeOthersAreNoPublishedOnes() throws IOException {
    Path text = Files.writeString(folder.resolve("ViT-B-32.pt"), "no weights");
    Outcome named = Runs.run(new CheckWeights(), text);
    assertEquals(1, named.code());
    assertTrue(named.out().contains("DIFFERS"), named.out());
    Path other = Files.writeString(folder.resolve("other.pt"), "no weights");
    Outcome none = Runs.run(new CheckWeights(), other);
    assertEquals(1, none.code());
    assertTrue(none.err().contains("other.pt"), none.err());
  }
}
