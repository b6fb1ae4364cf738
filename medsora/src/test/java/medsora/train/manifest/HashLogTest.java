package medsora.train.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HashLogTest {
  @TempDir Path folder;

  private static WeightHashes hashes(long step, char digit) {
    String hash = String.valueOf(digit).repeat(64);
    return new WeightHashes(step, hash, hash, new TreeMap<>(Map.of("encoder", hash)));
  }

  /** A run that died behind a checkpoint does its steps again, and their hashes stand once. */
  @Test
  void everyStepStandsOnce() throws IOException {
    HashLog log = HashLog.open(folder);
    log.put("vae", hashes(1000, 'a'));
    log.put("vae", hashes(2000, 'b'));
    log.put("denoiser", hashes(1000, 'c'));
    log.put("vae", hashes(2000, 'd'));
    assertEquals(List.of(hashes(1000, 'a'), hashes(2000, 'd')), log.of("vae"));
    HashLog again = HashLog.open(folder);
    again.put("vae", hashes(1000, 'e'));
    assertEquals(List.of(hashes(1000, 'e')), HashLog.open(folder).of("vae"));
    assertEquals(List.of(hashes(1000, 'c')), HashLog.open(folder).of("denoiser"));
  }

  /** Lines of before say less; those of a run that died say nothing. */
  @Test
  void readsOlderLinesAndPassesOverTornOnes() throws IOException {
    String hash = "a".repeat(64);
    Files.writeString(
        folder.resolve(HashLog.FILE),
        """
        {"stage":"vae","step":1000,"sha256":"%s"}
        {"stage":"vae","step":2000,"sha256":"ab"}
        {"stage":"vae","step":-3,"sha256":"%s"}
        [[[[[[[[[[[[[[[[[[[[[[
        {"stage":"vae","step":3000,"sha2\
        """
            .formatted(hash, hash));
    assertEquals(
        List.of(new WeightHashes(1000, hash, "", new TreeMap<>())), HashLog.open(folder).of("vae"));
  }
}
