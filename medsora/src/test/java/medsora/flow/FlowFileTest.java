package medsora.flow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
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
  void aWrongCountIsRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> FlowFile.write(folder.resolve("b.flo"), new float[3], 1, 2));
  }
}
