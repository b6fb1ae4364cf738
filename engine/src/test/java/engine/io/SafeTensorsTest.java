package engine.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.testing.Fixtures;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafeTensorsTest {
  @TempDir Path folder;

  @Test
  void roundTripKeepsBitsOrderAndMetadata() throws IOException {
    Path path = folder.resolve("a.safetensors");
    float[] odd = {-0f, Float.NaN, Float.POSITIVE_INFINITY, Float.MIN_VALUE, 1.5f, -3e38f};
    new SafeTensorsWriter()
        .metadata("note", "quote \" backslash \\ newline \n umlaut \u00fc pair \ud83d\ude00")
        .floats("z.weight", new long[] {2, 3}, odd)
        .longs("a.index", new long[] {2}, Long.MIN_VALUE, 7)
        .doubles("m.table.f64", new long[] {1}, Math.PI)
        .floats("empty", new long[] {0, 4})
        .floats("scalar", new long[0], 9f)
        .write(path);
    try (SafeTensors file = SafeTensors.open(path)) {
      assertEquals(List.of("z.weight", "a.index", "m.table.f64", "empty", "scalar"), file.names());
      assertEquals(
          Map.of("note", "quote \" backslash \\ newline \n umlaut \u00fc pair \ud83d\ude00"),
          file.metadata());
      assertArrayEquals(new long[] {2, 3}, file.shape("z.weight"));
      assertArrayEquals(odd, file.floats("z.weight"));
      assertArrayEquals(new float[] {1.5f}, file.floats("z.weight", 4, 1));
      assertArrayEquals(new long[] {Long.MIN_VALUE, 7}, file.longs("a.index"));
      assertArrayEquals(new double[] {Math.PI}, file.doubles("m.table.f64"));
      assertArrayEquals(new float[] {(float) Math.PI}, file.floats("m.table.f64"));
      assertEquals(0, file.floats("empty").length);
      assertEquals(1, file.count("scalar"));
      assertEquals(Dtype.I64, file.dtype("a.index"));
      assertThrows(IllegalArgumentException.class, () -> file.floats("a.index"));
      assertThrows(IllegalArgumentException.class, () -> file.longs("z.weight"));
      assertThrows(IllegalArgumentException.class, () -> file.floats("none"));
      assertThrows(IllegalArgumentException.class, () -> file.floats("z.weight", 5, 2));
    }
    byte[] bytes = Files.readAllBytes(path);
    assertEquals(0, ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong() % 8);
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(1, left.count(), "nothing but the file itself stays");
    }
  }

  @Test
  void sortedWritingDoesNotDependOnTheOrderOfAdding() throws IOException {
    Path one = folder.resolve("one");
    Path two = folder.resolve("two");
    long[] shape = {1};
    new SafeTensorsWriter()
        .sorted()
        .metadata("k", "1")
        .metadata("j", "2")
        .floats("b", shape, 1)
        .floats("a", shape, 2)
        .write(one);
    new SafeTensorsWriter()
        .sorted()
        .metadata("j", "2")
        .metadata("k", "1")
        .floats("a", shape, 2)
        .floats("b", shape, 1)
        .write(two);
    assertEquals(-1, Files.mismatch(one, two));
  }

  @Test
  void writesMoreThanOneBuffer() throws IOException {
    float[] values = new float[700_001];
    for (int i = 0; i < values.length; i++) {
      values[i] = i * 0.5f;
    }
    Path path = folder.resolve("large");
    new SafeTensorsWriter().floats("x", new long[] {values.length}, values).write(path);
    try (SafeTensors file = SafeTensors.open(path)) {
      assertArrayEquals(values, file.floats("x"));
    }
  }

  @Test
  void readsBeyondTwoGigabytes() throws IOException {
    Path path = folder.resolve("sparse");
    long skipped = 2_400_000_000L;
    byte[] header =
        ("{\"skip\":{\"dtype\":\"F32\",\"shape\":[600000000],\"data_offsets\":[0,2400000000]},"
                + "\"far\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[2400000000,2400000008]}}")
            .getBytes(StandardCharsets.UTF_8);
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      ByteBuffer bytes =
          ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length);
      file.write(bytes.array());
      file.write(header);
      file.seek(8 + header.length + skipped);
      file.write(bytes.clear().putFloat(1.25f).putFloat(-2).array());
    }
    try (SafeTensors file = SafeTensors.open(path)) {
      assertArrayEquals(new float[] {1.25f, -2}, file.floats("far"));
      assertArrayEquals(new float[] {0, 0}, file.floats("skip", 599_999_998, 2));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "F16, 003C00C0007C0100, '1,-2,Infinity,5.9604645E-8'",
    "BF16, 803F00C0, '1,-2'",
    "F8_E5M2, 3CC07C01, '1,-2,Infinity,1.5258789E-5'",
    "F8_E4M3, 38C07E0108FF, '1,-2,448,0.001953125,0.015625,NaN'",
    "F32, 0000803F, 1",
    "F64, 000000000000F03F, 1",
  })
  void widensFloats(String dtype, String hex, String expected) throws IOException {
    byte[] data = java.util.HexFormat.of().parseHex(hex);
    String[] parts = expected.split(",");
    Path path = file(entry("x", dtype, "[" + parts.length + "]", 0, data.length), data);
    try (SafeTensors file = SafeTensors.open(path)) {
      float[] got = file.floats("x");
      double[] wide = file.doubles("x");
      for (int i = 0; i < parts.length; i++) {
        assertEquals(Float.parseFloat(parts[i]), got[i]);
        assertEquals((double) got[i], wide[i]);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "I64, FFFFFFFFFFFFFFFF, -1",
    "I32, FEFFFFFF, -2",
    "U32, FEFFFFFF, 4294967294",
    "I16, FEFF, -2",
    "U16, FEFF, 65534",
    "I8, FE, -2",
    "U8, FE, 254",
    "BOOL, 01, 1",
  })
  void widensIntegers(String dtype, String hex, long expected) throws IOException {
    byte[] data = java.util.HexFormat.of().parseHex(hex);
    try (SafeTensors file =
        SafeTensors.open(file(entry("x", dtype, "[1]", 0, data.length), data))) {
      assertArrayEquals(new long[] {expected}, file.longs("x"));
    }
  }

  @Test
  void refusesIntegersThatDoNotFit() throws IOException {
    byte[] data = {2};
    try (SafeTensors file = SafeTensors.open(file(entry("x", "BOOL", "[1]", 0, 1), data))) {
      assertThrows(FormatException.class, () -> file.longs("x"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}|cut short",
        "{'a':{'dtype':'F32','shape':[3],'data_offsets':[0,8]}}|wants 12 bytes",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}} x|text after",
        "{'a':{'dtype':'F32','shape':[3],'data_offsets':[0,12]}}|cut short or its header",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}|4 bytes after the last tensor",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}}|after a gap",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[8,0]}}|begin <= end",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'a':{'dtype':'F32','shape':[0],'data_offsets':[8,8]}}|twice",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'b':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}}|inside the one before",
        "{'a':{'dtype':'F32','shape':[4294967296,4294967296],'data_offsets':[0,8]}}|too many elements",
        "{'a':{'dtype':'F32','shape':[9223372036854775808],'data_offsets':[0,8]}}|2^63",
        "{'a':{'dtype':'F33','shape':[2],'data_offsets':[0,8]}}|dtype 'F33'",
        "{'a':{'dtype':'F32','shape':[-2],'data_offsets':[0,8]}}|non-negative",
        "{'a':{'dtype':'F32','shape':[2.0],'data_offsets':[0,8]}}|expected",
        "{'a':{'dtype':'F32','shape':[02],'data_offsets':[0,8]}}|leading zero",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8],'more':1}}|unknown key",
        "{'a':{'dtype':'F32','shape':[2],'shape':[2],'data_offsets':[0,8]}}|key 'shape' twice",
        "{'a':{'dtype':'F32','shape':[2]}}|wants dtype",
        "{'a':[[[[[[]]]]]]}|expected",
        "{'__metadata__':{'k':1}}|expected",
        "{'__metadata__':{'k':'1','k':'2'}}|twice",
        "{'__metadata__':{},'__metadata__':{}}|twice",
        "{'a\\u12':{}}|hexadecimal",
        "{'a\\ud800':{}}|surrogate",
        "{'a\\x':{}}|escape",
        "{'a|without end",
        "[]|does not start",
      })
  void refusesWrongHeaders(String header, String fault) throws IOException {
    Path path = file(header.replace('\'', '"'), new byte[8]);
    String fitting = fault.equals("cut short") ? "the header's end" : fault;
    FormatException e = assertThrows(FormatException.class, () -> SafeTensors.open(path));
    assertTrue(e.getMessage().contains(fitting), e.getMessage());
    assertTrue(e.getMessage().contains(path.toString()), e.getMessage());
  }

  @Test
  void refusesDeepNestingAndWrongLengths() throws IOException {
    assertThrows(
        FormatException.class,
        () -> SafeTensors.open(file("{\"a\":" + "[".repeat(1_000_000), new byte[0])));
    assertThrows(
        FormatException.class,
        () -> SafeTensors.open(file("{\"a\":".repeat(200_000), new byte[0])));
    for (long length : new long[] {-1, Long.MAX_VALUE, 100_000_001, 3, 0}) {
      byte[] bytes = ByteBuffer.allocate(10).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array();
      Path path = Files.write(folder.resolve("length"), bytes);
      assertThrows(FormatException.class, () -> SafeTensors.open(path));
    }
    Path empty = Files.write(folder.resolve("none"), new byte[0]);
    assertThrows(FormatException.class, () -> SafeTensors.open(empty));
  }

  @Test
  void writerRefusesWhatItCouldNotReadBack() {
    SafeTensorsWriter writer = new SafeTensorsWriter().floats("a", new long[] {1}, 1f);
    assertThrows(IllegalArgumentException.class, () -> writer.floats("a", new long[] {1}, 1f));
    assertThrows(IllegalArgumentException.class, () -> writer.floats("b", new long[] {2}, 1f));
    assertThrows(IllegalArgumentException.class, () -> writer.floats("b", new long[] {-1, -1}, 1f));
    assertThrows(
        IllegalArgumentException.class, () -> writer.floats("__metadata__", new long[0], 1f));
    assertThrows(IllegalArgumentException.class, () -> writer.metadata("k", "\ud800"));
  }

  @Test
  void failedWriteLeavesTheOldFileAlone() throws IOException {
    Path path = Files.writeString(folder.resolve("kept"), "old");
    assertThrows(
        IOException.class,
        () ->
            WholeFile.write(
                path,
                channel -> {
                  channel.write(ByteBuffer.allocate(100));
                  throw new IOException("disk full");
                }));
    assertEquals("old", Files.readString(path));
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(1, left.count());
    }
    WholeFile.write(path, "new".getBytes(StandardCharsets.UTF_8));
    assertEquals("new", Files.readString(path));
  }

  /** Every reference file opens and every tensor in it can be read. */
  @Test
  void readsEveryReferenceFile() throws IOException {
    readAll(Fixtures.testdata().resolve("reference"));
    String more = System.getProperty("medsora.reference");
    if (more != null) {
      readAll(Path.of(more));
    }
  }

  private static void readAll(Path folder) throws IOException {
    int files = 0;
    try (Stream<Path> paths = Files.list(folder)) {
      for (Path path : paths.filter(p -> p.toString().endsWith(".safetensors")).toList()) {
        files++;
        try (SafeTensors file = SafeTensors.open(path)) {
          for (String name : file.names()) {
            long read =
                file.dtype(name).isInteger() ? file.longs(name).length : file.floats(name).length;
            assertEquals(file.count(name), read, path + " " + name);
          }
        }
      }
    }
    assertTrue(files > 0, "no fixtures in " + folder);
  }

  private static String entry(String name, String dtype, String shape, long begin, long end) {
    return String.format(
        "{\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}}",
        name, dtype, shape, begin, end);
  }

  private Path file(String header, byte[] data) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + json.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(json.length).put(json).put(data);
    return Files.write(Files.createTempFile(folder, "case", ".safetensors"), bytes.array());
  }

  /** A resource of a jar has no path; what it holds is what a file of the same bytes does. */
  @Test
  void bytesInMemoryAreReadLikeAFile() throws IOException {
    Path file = folder.resolve("bytes.safetensors");
    new SafeTensorsWriter().floats("x", new long[] {3}, 1f, -2f, 3.5f).checksummed().write(file);
    byte[] bytes = Files.readAllBytes(file);
    try (SafeTensors read = SafeTensors.of(Path.of("resource"), bytes)) {
      read.verify();
      assertArrayEquals(new float[] {1f, -2f, 3.5f}, read.floats("x"));
    }
    for (int length : new int[] {0, 7, 20, bytes.length - 1}) {
      byte[] cut = Arrays.copyOf(bytes, length);
      FormatException e =
          assertThrows(
              FormatException.class, () -> SafeTensors.of(Path.of("resource"), cut).close());
      assertTrue(e.getMessage().contains("resource"), e.getMessage());
    }
    byte[] flipped = bytes.clone();
    flipped[bytes.length - 1] ^= 1;
    try (SafeTensors read = SafeTensors.of(Path.of("resource"), flipped)) {
      assertThrows(FormatException.class, read::verify);
    }
  }
}
