package engine.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is written without waiting for the disk has the same bytes, and says where it is damaged.
 */
class RecomputableFileTest {
  @TempDir Path folder;

  private static SafeTensorsWriter writer() {
    return new SafeTensorsWriter().floats("x", new long[] {2, 3}, 1, 2, 3, 4, 5, 6);
  }

  @Test
  void bytesAreThoseOfTheOtherWay() throws IOException {
    Path forced = folder.resolve("forced");
    Path swift = folder.resolve("swift");
    writer().checksummed().write(forced);
    writer().recomputable().write(swift);
    assertArrayEquals(Files.readAllBytes(forced), Files.readAllBytes(swift));
    try (var entries = Files.list(folder)) {
      assertEquals(2, entries.count());
    }
  }

  @Test
  void damageIsTold() throws IOException {
    Path file = folder.resolve("x");
    writer().recomputable().write(file);
    byte[] whole = Files.readAllBytes(file);
    // What a power cut leaves: blocks that were never written are zeros.
    byte[] zeros = whole.clone();
    Arrays.fill(zeros, whole.length - 8, whole.length, (byte) 0);
    Files.write(file, zeros);
    try (SafeTensors opened = SafeTensors.open(file)) {
      assertThrows(IOException.class, opened::verify);
    }
    Files.write(file, new byte[0]);
    assertThrows(IOException.class, () -> SafeTensors.open(file));
  }
}
