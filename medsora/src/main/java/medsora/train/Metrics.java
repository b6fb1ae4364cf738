package medsora.train;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * {@code metrics.jsonl}: one JSON object a step, {@code
 * {"stage":"vae","step":1,"loss":...,"grad_norm":...,"lr":...,"seconds":...}}.
 */
final class Metrics implements AutoCloseable {
  private final BufferedWriter writer;

  private Metrics(BufferedWriter writer) {
    this.writer = writer;
  }

  /** Appends; lines of this stage beyond {@code step}, left by a run that died, are dropped. */
  static Metrics open(Path file, String stage, long step) throws IOException {
    List<String> kept = new ArrayList<>();
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
        if (line.endsWith("}") && !beyond(line, stage, step)) {
          kept.add(line);
        }
      }
    }
    Path fresh = file.resolveSibling(file.getFileName() + ".part");
    Files.write(fresh, kept, StandardCharsets.UTF_8);
    Files.move(fresh, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    return new Metrics(
        Files.newBufferedWriter(file, StandardCharsets.UTF_8, StandardOpenOption.APPEND));
  }

  private static boolean beyond(String line, String stage, long step) {
    String head = "{\"stage\":\"" + stage + "\",\"step\":";
    if (!line.startsWith(head)) {
      return false;
    }
    int end = line.indexOf(',', head.length());
    try {
      return end < 0 || Long.parseLong(line.substring(head.length(), end)) > step;
    } catch (NumberFormatException e) {
      return true;
    }
  }

  void append(StepReport r) throws IOException {
    StringBuilder line = new StringBuilder();
    line.append("{\"stage\":\"").append(r.stage()).append("\",\"step\":").append(r.step());
    r.losses()
        .forEach((name, value) -> line.append(",\"").append(name).append("\":").append(value));
    line.append(
        String.format(
            Locale.ROOT,
            ",\"grad_norm\":%s,\"lr\":%s,\"seconds\":%.4f,\"steps_per_second\":%.4f}%n",
            r.gradientNorm(),
            r.learningRate(),
            r.seconds(),
            1 / r.seconds()));
    writer.write(line.toString());
    writer.flush();
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }
}
