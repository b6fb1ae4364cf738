package medsora.flow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlowFileTest {
  @TempDir Path folder;

  @Test
  void theBytesAreThoseOfTheFormat() throws IOException {
    Path file = folder.resolve("a.flo");
    FlowFile.write(file, new float[] {1, 2, 3, -4}, 1, 2);
    ByteBuffer wanted = ByteBuffer.allocate(28).order(ByteOrder.LITTLE_ENDIAN);
    wanted.put(new byte[] {'P', 'I', 'E', 'H'}).putInt(2).putInt(1);
    wanted.putFloat(1).putFloat(3).putFloat(2).putFloat(-4);
    assertArrayEquals(wanted.array(), Files.readAllBytes(file));
  }

  @Test
  void whatWasWrittenIsReadBack() throws IOException {
    Path file = folder.resolve("a.flo");
    FlowFile.write(file, new float[] {1, 2, 3, -4, 5, 6, 7, 1e10f, 9, 10, 11, 12}, 2, 3);
    FlowFile.Flow flow = FlowFile.read(file);
    assertArrayEquals(new float[] {1, 2, 3, -4, 5, 6, 7, 1e10f, 9, 10, 11, 12}, flow.uv());
    assertEquals(2, flow.height());
  }

  /** Sizes that the file does not have, or that no memory has. */
  @Test
  void damagedFilesAreRefused() throws IOException {
    Path file = folder.resolve("a.flo");
    FlowFile.write(file, new float[4], 1, 2);
    byte[] good = Files.readAllBytes(file);
    for (int cut = 0; cut < good.length; cut++) {
      Path damaged = Files.write(folder.resolve("cut.flo"), java.util.Arrays.copyOf(good, cut));
      assertThrows(IOException.class, () -> FlowFile.read(damaged));
    }
    for (int at = 0; at < 12; at++) {
      byte[] other = good.clone();
      other[at] ^= (byte) 0x80;
      Path damaged = Files.write(folder.resolve("bit.flo"), other);
      assertThrows(IOException.class, () -> FlowFile.read(damaged));
    }
  }

  @Test
  void aWrongCountIsRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> FlowFile.write(folder.resolve("b.flo"), new float[3], 1, 2));
  }
}
