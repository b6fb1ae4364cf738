package medsora.train.store;

import engine.io.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code hashes.jsonl}: the SHA-256 of a stage's raw weights after every 1,000 steps, {@code
 * {"stage":"vae","step":1000,"sha256":"..."}}, by which anybody who trains the same again can tell
 * where the two part. A line is written with the checkpoint of its step, so that checkpoints are to
 * be saved at divisors of 1,000.
 *
 * @param file that holds it; need not be there
 */
record HashLog(Path file) {
  private static final long EVERY = 1000;
  private static final Pattern LINE =
      Pattern.compile("\\{\"stage\":\"([a-z]+)\",\"step\":([0-9]{1,18}),");

  /** Puts down a hash, in the place of what stands there of this stage from this step on. */
  void saved(String stage, long step, String sha256) throws IOException {
    if (step == 0 || step % EVERY != 0) {
      return;
    }
    List<String> lines = new ArrayList<>();
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
        if (!isFrom(line, stage, step)) {
          lines.add(line);
        }
      }
    }
    lines.add("{\"stage\":\"%s\",\"step\":%d,\"sha256\":\"%s\"}".formatted(stage, step, sha256));
    String text = String.join("\n", lines) + "\n";
    WholeFile.write(file, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Whether a line is of a step that is to come again: a run that went back. */
  private static boolean isFrom(String line, String stage, long step) {
    Matcher found = LINE.matcher(line);
    return !found.lookingAt()
        || (found.group(1).equals(stage) && Long.parseLong(found.group(2)) >= step);
  }
}
