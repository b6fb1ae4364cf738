package medsora.train.store;

import engine.io.WholeFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * {@code metrics.jsonl}: one JSON object a step, {@code
 * {"stage":"vae","step":1,"loss":...,"grad_norm":...,"lr":...,"seconds":...}}.
 */
public final class Metrics implements AutoCloseable {
  /** Keeps nothing. */
  static final Metrics NOWHERE = new Metrics(Path.of(""), null);

  private final Path file;
  private final @Nullable FileChannel channel;

  private Metrics(Path file, @Nullable FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Appends. Lines of this stage beyond {@code step} and lines that are not whole, which a run left
   * that died, are dropped first, so that each step stands there once.
   */
  static Metrics open(Path file, String stage, long step) throws IOException {
    if (Files.exists(file)) {
      // Bytes that are no text, which a power failure can leave, are read as other characters.
      String all = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
      StringBuilder kept = new StringBuilder();
      all.lines()
          .filter(line -> line.startsWith("{\"stage\":") && line.endsWith("}"))
          .filter(line -> !beyond(line, stage, step))
          .forEach(line -> kept.append(line).append('\n'));
      if (!all.contentEquals(kept)) {
        WholeFile.write(file, kept.toString().getBytes(StandardCharsets.UTF_8));
      }
    }
    return new Metrics(
        file,
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND));
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

  /**
   * Writes a line, in one call, so that a kill leaves it whole or not at all.
   *
   * @throws IOException naming the file and what to do
   */
  public void append(StepReport r) throws IOException {
    if (channel == null) {
      return;
    }
    StringBuilder line = new StringBuilder();
    line.append("{\"stage\":\"").append(r.stage()).append("\",\"step\":").append(r.step());
    r.losses()
        .forEach((name, value) -> line.append(",\"").append(name).append("\":").append(value));
    line.append(
        String.format(
            Locale.ROOT,
            ",\"grad_norm\":%s,\"lr\":%s,\"seconds\":%.4f,\"steps_per_second\":%.4f}\n",
            r.gradientNorm(),
            r.learningRate(),
            r.seconds(),
            1 / r.seconds()));
    ByteBuffer bytes = ByteBuffer.wrap(line.toString().getBytes(StandardCharsets.UTF_8));
    int wanted = bytes.remaining();
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      throw DiskRoom.unwritten(file, wanted, e, "The checkpoints are untouched");
    }
  }

  /** Brings all lines to the disk, before a checkpoint that counts on them. */
  public void force() throws IOException {
    if (channel != null) {
      channel.force(false);
    }
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
    }
  }
}
