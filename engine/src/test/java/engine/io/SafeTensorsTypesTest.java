package engine.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every element type that the format has is known; one that is not read blocks its own tensor. */
class SafeTensorsTypesTest {
  @TempDir Path folder;

  private Path raw(String header, byte[] data) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer all = ByteBuffer.allocate(8 + json.length + data.length);
    all.order(ByteOrder.LITTLE_ENDIAN).putLong(json.length).put(json).put(data);
    return Files.write(folder.resolve("raw.safetensors"), all.array());
  }

  /** All types of the format's release 0.7, each as 8 elements of zero bits. */
  @ParameterizedTest
  @CsvSource({
    "BOOL, 8",
    "F4, 4",
    "F6_E2M3, 6",
    "F6_E3M2, 6",
    "U8, 8",
    "I8, 8",
    "F8_E5M2, 8",
    "F8_E4M3, 8",
    "F8_E8M0, 8",
    "F8_E4M3FNUZ, 8",
    "F8_E5M2FNUZ, 8",
    "I16, 16",
    "U16, 16",
    "F16, 16",
    "BF16, 16",
    "I32, 32",
    "U32, 32",
    "F32, 32",
    "C64, 64",
    "F64, 64",
    "I64, 64",
    "U64, 64"
  })
  void everyTypeOfTheFormatIsKnown(String type, int bits) throws IOException {
    String header =
        "{\"__metadata__\":null,\"x\":{\"dtype\":\"%s\",\"shape\":[8],\"data_offsets\":[0,%d]},"
                .formatted(type, bits)
            + "\"y\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[%d,%d]}}"
                .formatted(bits, bits + 4);
    try (SafeTensors file = SafeTensors.open(raw(header, new byte[bits + 4]))) {
      Dtype dtype = file.dtype("x");
      assertEquals(type, dtype.name());
      assertEquals(bits, dtype.bits());
      assertEquals(8, file.count("x"));
      assertEquals(0, file.floats("y")[0]);
      if (dtype.isFloating()) {
        assertEquals(dtype == Dtype.F8_E8M0 ? 0x1p-127f : 0, file.floats("x")[7]);
      } else if (dtype.isInteger()) {
        assertEquals(0, file.longs("x")[7]);
      } else {
        // It blocks its own tensor alone.
        assertThrows(IllegalArgumentException.class, () -> file.floats("x"));
        assertThrows(IllegalArgumentException.class, () -> file.longs("x"));
      }
    }
  }

  @Test
  void anElementDoesNotEndWithinAByte() throws IOException {
    Path file = raw("{\"x\":{\"dtype\":\"F4\",\"shape\":[3],\"data_offsets\":[0,1]}}", new byte[1]);
    FormatException e = assertThrows(FormatException.class, () -> SafeTensors.open(file));
    assertTrue(e.getMessage().contains("ends within a byte"), e.getMessage());
  }

  /** Values by their bits, from the definition of each format. */
  @ParameterizedTest
  @CsvSource({
    "F8_E4M3FNUZ, 0x7f, 240",
    "F8_E4M3FNUZ, 0x01, 0x1p-10",
    "F8_E4M3FNUZ, 0x80, NaN",
    "F8_E4M3FNUZ, 0xc0, -1",
    "F8_E5M2FNUZ, 0x7f, 57344",
    "F8_E5M2FNUZ, 0x01, 0x1p-17",
    "F8_E5M2FNUZ, 0x80, NaN",
    "F8_E5M2FNUZ, 0xc0, -1",
    "F8_E8M0, 0x7f, 1",
    "F8_E8M0, 0xfe, 0x1p127",
    "F8_E8M0, 0x01, 0x1p-126",
    "F8_E8M0, 0xff, NaN",
    "F8_E4M3, 0x7e, 448",
    "F8_E4M3, 0x01, 0x1p-9",
    "F8_E5M2, 0x7b, 57344",
    "F8_E5M2, 0xfc, -Infinity"
  })
  void smallFloatsAreWidenedExactly(String type, String bits, float value) throws IOException {
    String header = "{\"x\":{\"dtype\":\"%s\",\"shape\":[1],\"data_offsets\":[0,1]}}";
    byte[] data = {(byte) (int) Integer.decode(bits)};
    try (SafeTensors file = SafeTensors.open(raw(header.formatted(type), data))) {
      assertEquals(value, file.floats("x")[0]);
    }
  }
}
