package medsora.train.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HashLogTest {
  @TempDir Path folder;

  private static String line(String stage, long step, String hash) {
    return "{\"stage\":\"%s\",\"step\":%d,\"sha256\":\"%s\"}".formatted(stage, step, hash);
  }

  /** A run that died behind a checkpoint does its steps again, and their hashes stand once. */
  @Test
  void everyThousandthStepStandsOnce() throws IOException {
    HashLog log = new HashLog(folder.resolve("hashes.jsonl"));
    log.saved("vae", 500, "none");
    assertFalse(Files.exists(log.file()));
    log.saved("vae", 1000, "a");
    log.saved("vae", 2000, "b");
    log.saved("denoiser", 1000, "c");
    log.saved("vae", 2000, "d");
    assertEquals(
        List.of(line("vae", 1000, "a"), line("denoiser", 1000, "c"), line("vae", 2000, "d")),
        Files.readAllLines(log.file()));
    log.saved("vae", 1000, "e");
    assertEquals(
        List.of(line("denoiser", 1000, "c"), line("vae", 1000, "e")),
        Files.readAllLines(log.file()));
  }
}
