package medsora.train.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What {@code metrics.jsonl} says of the steps that were done.
 *
 * @param steps in the order of the file
 * @param torn lines that are not whole, which a run left that died
 */
public record MetricsLog(List<StepReport> steps, int torn) {
  private static final String STAGE = "stage";
  private static final String STEP = "step";
  private static final String NORM = "grad_norm";
  private static final String RATE = "lr";
  private static final String SECONDS = "seconds";
  private static final String SPEED = "steps_per_second";

  public MetricsLog {
    steps = List.copyOf(steps);
  }

  /** Reads a file; one that is not there says nothing. */
  public static MetricsLog read(Path file) throws IOException {
    List<StepReport> steps = new ArrayList<>();
    int torn = 0;
    if (Files.exists(file)) {
      // Bytes that are no text, which a power failure can leave, are read as other characters.
      String all = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
      for (String line : all.lines().toList()) {
        Optional<StepReport> read = line(line);
        read.ifPresent(steps::add);
        torn += read.isPresent() ? 0 : 1;
      }
    }
    return new MetricsLog(steps, torn);
  }

  /** A line as {@link Metrics} writes it: an object of plain names and numbers, the stage first. */
  private static Optional<StepReport> line(String line) {
    if (!line.startsWith("{\"" + STAGE + "\":\"") || !line.endsWith("}")) {
      return Optional.empty();
    }
    Map<String, String> fields = new LinkedHashMap<>();
    for (String field : line.substring(1, line.length() - 1).split(",", -1)) {
      int colon = field.indexOf(':');
      if (colon < 2 || field.charAt(0) != '"' || field.charAt(colon - 1) != '"') {
        return Optional.empty();
      }
      fields.put(field.substring(1, colon - 1), field.substring(colon + 1));
    }
    return report(fields);
  }

  private static Optional<StepReport> report(Map<String, String> fields) {
    if (!fields.keySet().containsAll(List.of(STAGE, STEP, NORM, RATE, SECONDS, SPEED))) {
      return Optional.empty();
    }
    try {
      String stage = taken(fields, STAGE);
      long step = Long.parseLong(taken(fields, STEP));
      double norm = Double.parseDouble(taken(fields, NORM));
      double rate = Double.parseDouble(taken(fields, RATE));
      double seconds = Double.parseDouble(taken(fields, SECONDS));
      Map<String, Double> values = new LinkedHashMap<>();
      fields.forEach((name, value) -> values.put(name, Double.valueOf(value)));
      values.remove(SPEED);
      String name = stage.substring(1, stage.length() - 1);
      return Optional.of(new StepReport(name, step, values, norm, rate, seconds));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** Takes a field out. */
  private static String taken(Map<String, String> fields, String name) {
    return Objects.requireNonNull(fields.remove(name), name);
  }
}
