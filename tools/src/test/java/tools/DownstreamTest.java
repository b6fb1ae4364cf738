package tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.Runs.Outcome;

/** What the classifier's program refuses. */
class DownstreamTest {
  @TempDir Path folder;

  @Test
  void testClipsAreOthersThanThoseThatAreLearnedFrom() {
    Path same = folder.resolve(".").resolve("../" + folder.getFileName());
    Outcome refused = Runs.run(new Downstream(), "--labelled", folder, "--test", same);
    assertEquals(1, refused.code());
    assertTrue(refused.err().contains("--labelled and --test are the same folder"), refused.err());
  }
}
