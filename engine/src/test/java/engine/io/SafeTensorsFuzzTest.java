package engine.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** A damaged file is refused or read; it never hangs, exhausts memory or fails in another way. */
class SafeTensorsFuzzTest {
  private static Path path;
  private static byte[] whole;

  @BeforeContainer
  static void writeOne() throws IOException {
    path = Files.createTempFile("fuzz", ".safetensors");
    new SafeTensorsWriter()
        .metadata("seed", "11")
        .floats("a.weight", new long[] {3, 4}, new float[12])
        .longs("b.steps", new long[] {2}, 1, 2)
        .doubles("c.f64", new long[0], 2)
        .write(path);
    whole = Files.readAllBytes(path);
  }

  @AfterContainer
  static void clean() throws IOException {
    Files.deleteIfExists(path);
  }

  @Property(tries = 300)
  void everyTruncationIsRefused(@ForAll @IntRange(min = 0, max = 1000) int keep)
      throws IOException {
    byte[] cut = Arrays.copyOf(whole, keep % whole.length);
    Files.write(path, cut);
    assertThrows(FormatException.class, () -> SafeTensors.open(path));
  }

  @Property(tries = 1500)
  void flippedBitsAreRefusedOrRead(
      @ForAll @Size(min = 1, max = 4) int[] positions, @ForAll @IntRange(min = 0, max = 7) int bit)
      throws IOException {
    byte[] damaged = whole.clone();
    for (int position : positions) {
      damaged[Math.floorMod(position, damaged.length)] ^= (byte) (1 << bit);
    }
    readAll(damaged);
  }

  @Property(tries = 1000)
  void arbitraryHeadersAreRefusedOrRead(@ForAll @Size(max = 60) byte[] tail) throws IOException {
    byte[] bytes = new byte[9 + tail.length];
    bytes[0] = (byte) (1 + tail.length);
    bytes[8] = '{';
    System.arraycopy(tail, 0, bytes, 9, tail.length);
    readAll(bytes);
  }

  @Property(tries = 200)
  void anyFloatBitsSurvive(@ForAll float[] values, @ForAll String name) throws IOException {
    String safe =
        name.codePoints()
            .filter(c -> c < 0xD800 || c > 0xDFFF)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
    new SafeTensorsWriter().floats(safe, new long[] {values.length}, values).write(path);
    try (SafeTensors file = SafeTensors.open(path)) {
      assertArrayEquals(values, file.floats(safe));
    }
  }

  private static void readAll(byte[] bytes) throws IOException {
    Files.write(path, bytes);
    try (SafeTensors file = SafeTensors.open(path)) {
      for (String name : file.names()) {
        if (file.dtype(name).isInteger()) {
          file.longs(name);
        } else {
          file.floats(name);
        }
      }
    } catch (FormatException refused) {
      // the only failure a damaged file may cause
    }
  }
}
