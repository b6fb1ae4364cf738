package medsora.metric.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NumpyArchiveTest {
  @TempDir Path folder;

  private static byte[] array(String type, String shape, double... values) {
    String header =
        "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }   \n".formatted(type, shape);
    ByteBuffer out = ByteBuffer.allocate(10 + header.length() + 8 * values.length);
    out.order(ByteOrder.LITTLE_ENDIAN).put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
    out.putShort((short) header.length()).put(header.getBytes(StandardCharsets.ISO_8859_1));
    for (double v : values) {
      if (type.equals("<f8")) {
        out.putDouble(v);
      } else {
        out.putFloat((float) v);
      }
    }
    return Arrays.copyOf(out.array(), out.position());
  }

  private Path zip(byte[]... arrays) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (int i = 0; i < arrays.length; i++) {
        zip.putNextEntry(new ZipEntry("a" + i + ".npy"));
        zip.write(arrays[i]);
      }
    }
    return Files.write(folder.resolve("mean.npz"), bytes.toByteArray());
  }

  @Test
  void readsFloatsOfBothWidths() throws IOException {
    Path file = zip(array("<f4", "2, 3", 1, 2, 3, 4, 5, 6));
    assertTrue(NumpyArchive.is(file));
    Tensor x = NumpyArchive.only(file);
    assertEquals(Shape.of(2, 3), x.shape());
    assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, x.toArray());
    Tensor wide = NumpyArchive.only(zip(array("<f8", "2,", 0.1, -7)));
    assertEquals(Shape.of(2), wide.shape());
    assertArrayEquals(new float[] {0.1f, -7}, wide.toArray());
  }

  @Test
  void refusesWhatIsNotOneArray() throws IOException {
    refused("2 arrays", array("<f4", "1,", 1), array("<f4", "1,", 1));
    refused("float32 or float64", array("<i8", "1,", 1));
    refused("float32 or float64", array("|O", "1,", 1));
    refused("[3] of 4 bytes", array("<f4", "3,", 1));
    refused("more than 64 MB", array("<f4", "70000, 70000, 70000", 1));
    refused("extents", array("<f4", "99999999999", 1));
    byte[] broken = array("<f4", "1,", 1);
    broken[8] = -1;
    broken[9] = -1;
    refused("a header that ends outside", broken);
    refused("no NumPy array", new byte[] {(byte) 0x93, 'N'});
    refused("no NumPy array", "not an array at all".getBytes(StandardCharsets.UTF_8));
    refused("more than 64 MB", new byte[(64 << 20) + 9]);
  }

  private void refused(String words, byte[]... arrays) throws IOException {
    Path file = zip(arrays);
    IOException e = assertThrows(IOException.class, () -> NumpyArchive.only(file));
    assertTrue(e.getMessage().contains(words), e.getMessage());
  }

  @Test
  void otherFilesAreNone() throws IOException {
    Path cut = folder.resolve("cut.npz");
    Files.write(cut, Arrays.copyOf(Files.readAllBytes(zip(array("<f4", "1,", 1))), 60));
    assertFalse(NumpyArchive.is(cut));
    assertFalse(NumpyArchive.is(folder.resolve("none")));
  }
}
