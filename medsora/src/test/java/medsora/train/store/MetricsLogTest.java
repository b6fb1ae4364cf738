package medsora.train.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run writes of its steps is read back. */
class MetricsLogTest {
  @TempDir Path folder;

  private static StepReport report(long step, double loss) {
    Map<String, Double> losses = new LinkedHashMap<>();
    losses.put(StepReport.TOTAL, loss);
    losses.put("l1", 1e-17);
    losses.put(StepReport.VALIDATION, Double.NaN);
    return new StepReport("vae", step, losses, 1.0 / 3, 2e-4, 0.25);
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    Path file = folder.resolve("metrics.jsonl");
    List<StepReport> wanted = List.of(report(1, 0.1), report(2, 1e9 / 7));
    try (Metrics metrics = Metrics.open(file, "vae", 0)) {
      for (StepReport r : wanted) {
        metrics.append(r);
      }
    }
    assertEquals(new MetricsLog(wanted, 0), MetricsLog.read(file));
    assertEquals(
        List.of("loss", "l1", "validation"),
        List.copyOf(MetricsLog.read(file).steps().getFirst().losses().keySet()));
    assertEquals(1e9 / 7, MetricsLog.read(file).steps().getLast().loss());
  }

  @Test
  void tornLinesAreCounted() throws IOException {
    Path file = folder.resolve("metrics.jsonl");
    assertEquals(new MetricsLog(List.of(), 0), MetricsLog.read(file));
    try (Metrics metrics = Metrics.open(file, "vae", 0)) {
      metrics.append(report(1, 1));
    }
    String torn =
        "{\"stage\":\"vae\",\"step\":2,\"loss\":0.1\n{\"stage\":\"vae\",\"step\":x,\"lr\":0}\n\0\0\n";
    Files.writeString(file, torn, StandardOpenOption.APPEND);
    MetricsLog read = MetricsLog.read(file);
    assertEquals(3, read.torn());
    assertEquals(List.of(report(1, 1)), read.steps());
  }
}
