package medsora.metric.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import medsora.metric.distance.FeatureRows;
import medsora.metric.protocol.Assessment.Effort;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptDistancesTest {
  private static final FeatureRows REAL = WorthTest.normal("real", 1, 20, 3, 0);
  private static final FeatureRows GENERATED = WorthTest.normal("generated", 2, 15, 3, 1);
  private static final Effort EFFORT = new Effort(10, 5);

  @TempDir Path folder;

  private long bytes() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(f -> f.toString().endsWith(".bin"))
          .mapToLong(f -> f.toFile().length())
          .sum();
    }
  }

  /** Stopped after each distance and taken up again, an assessment is the same as in one go. */
  @Test
  void aStopBetweenTwoDistancesLosesNone() throws IOException {
    Assessment whole = Assessment.of(REAL, GENERATED, 1, EFFORT);
    Assessment found = null;
    long before = -1;
    for (int runs = 0; found == null; runs++) {
      AtomicInteger asked = new AtomicInteger();
      int allowed = 4 * (runs + 1);
      try (KeptDistances kept =
          KeptDistances.open(folder, 1, () -> asked.incrementAndGet() > allowed)) {
        found = Assessment.of(Samples.single(REAL), Samples.single(GENERATED), 1, EFFORT, kept);
      } catch (UncheckedIOException e) {
        assertInstanceOf(Extraction.Stopped.class, e.getCause());
      }
      assertTrue(found != null || bytes() > before, "something more is kept");
      before = bytes();
    }
    assertEquals(whole, found);
    long kept = bytes();
    try (KeptDistances again = KeptDistances.open(folder, 1, () -> false)) {
      assertEquals(
          whole, Assessment.of(Samples.single(REAL), Samples.single(GENERATED), 1, EFFORT, again));
    }
    assertEquals(kept, bytes(), "all distances were found");
  }

  @Test
  void anotherRunsFeaturesAreReadAndNotTouched() throws IOException {
    String hash = "ab".repeat(32);
    try (FeatureCache cache = FeatureCache.open(folder, "net", 2)) {
      cache.put(hash, new float[] {1, 2});
    }
    Path file;
    try (Stream<Path> files = Files.list(folder)) {
      file = files.filter(f -> f.toString().endsWith(".bin")).findFirst().orElseThrow();
    }
    Files.write(file, new byte[] {1, 2, 3}, java.nio.file.StandardOpenOption.APPEND);
    long size = Files.size(file);
    FeatureRows rows = FeatureCache.rows(folder, "net", 2, "real", java.util.List.of(hash, hash));
    assertEquals(2, rows.row(1)[1]);
    assertEquals(size, Files.size(file));
    assertRefused("lacks the clip cd", "net", "cd".repeat(32));
    assertRefused("no file", "other", hash);
  }

  private void assertRefused(String words, String settings, String hash) {
    IOException e =
        assertThrows(
            IOException.class,
            () -> FeatureCache.rows(folder, settings, 2, "real", java.util.List.of(hash)));
    assertTrue(e.getMessage().contains(words), e.getMessage());
  }
}
