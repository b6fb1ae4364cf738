package engine.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * A damaged or hostile file is refused or read whole: the only failure is an IOException that names
 * the file and the place, soon, and without more memory than a small multiple of the file. {@code
 * -Djqwik.tries.default=N} runs more tries than the usual 100.
 */
class SafeTensorsFuzzTest {
  private static final int INPUTS_PER_TRY = 20;
  private static final long MOST_NANOS = 60_000_000_000L;

  /** What reading may allocate: strings and entries of a header, and the tensors as doubles. */
  private static final int TIMES_THE_FILE = 64;

  /** The first file of a kind brings classes with it, which allocate as they load. */
  private static final long FREE_BYTES = 8 << 20;

  private static Path path;
  private static byte[] whole;

  @BeforeContainer
  static void writeOne() throws IOException {
    path = Files.createTempFile("fuzz", ".safetensors");
    new SafeTensorsWriter()
        .metadata("seed", "11")
        .metadata("config", "seed=1, Data[size=64, sampling=PAPER]")
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

  @Example
  void everyTruncationIsRefused() throws IOException {
    for (int keep = 0; keep < whole.length; keep++) {
      assertFalse(reads(Arrays.copyOf(whole, keep)), "cut to " + keep);
    }
    assertFalse(reads(Arrays.copyOf(whole, whole.length + 1)));
  }

  @Property
  void flippedBitsAreRefusedOrRead(@ForAll Random random) throws IOException {
    for (int n = 0; n < INPUTS_PER_TRY; n++) {
      byte[] damaged = whole.clone();
      for (int k = random.nextInt(4); k >= 0; k--) {
        damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      }
      reads(damaged);
    }
  }

  @Property
  void splicedBytesAreRefusedOrRead(@ForAll Random random) throws IOException {
    for (int n = 0; n < INPUTS_PER_TRY; n++) {
      int from = random.nextInt(whole.length);
      int to = random.nextInt(whole.length);
      byte[] piece = new byte[random.nextInt(9)];
      random.nextBytes(piece);
      ByteBuffer out = ByteBuffer.allocate(from + piece.length + whole.length - to);
      out.put(whole, 0, from).put(piece).put(whole, to, whole.length - to);
      reads(out.array());
    }
  }

  @Property
  void arbitraryHeadersAreRefusedOrRead(@ForAll @Size(max = 60) byte[] tail) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(1 + tail.length).put((byte) '{').put(tail);
    reads(file(header.array(), 0));
  }

  /** Headers that are nearly right: each piece is now and then one that means harm. */
  @Property
  void generatedHeadersAreRefusedOrRead(@ForAll Random random) throws IOException {
    for (int n = 0; n < INPUTS_PER_TRY; n++) {
      String header = new HostileHeader(random).text();
      reads(file(header.getBytes(StandardCharsets.UTF_8), random.nextInt(65)));
    }
  }

  @Property
  void hostileLengthsAreRefused(@ForAll Random random) throws IOException {
    long[] lengths = {
      0, -1, 1, 7, whole.length, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 31, 1L << 32
    };
    long length =
        random.nextBoolean() ? random.nextLong() : lengths[random.nextInt(lengths.length)];
    byte[] bytes = whole.clone();
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(0, length);
    assertFalse(reads(bytes), "length " + length);
  }

  @Example
  void largeHeadersTakeTimeAndMemoryInProportion() throws IOException {
    byte[] blanks = new byte[20_000_000];
    Arrays.fill(blanks, (byte) ' ');
    blanks[0] = '{';
    blanks[blanks.length - 1] = '}';
    assertTrue(reads(file(blanks, 0)));

    StringBuilder many = new StringBuilder("{");
    for (int i = 0; i < 100_000; i++) {
      many.append(i == 0 ? "" : ",").append('"').append(i);
      many.append("\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}");
    }
    assertTrue(reads(file(many.append('}').toString().getBytes(StandardCharsets.UTF_8), 0)));

    String name = "n".repeat(5_000_000);
    String longName = "{\"" + name + "\":{\"dtype\":\"X9\"}}";
    assertFalse(reads(file(longName.getBytes(StandardCharsets.UTF_8), 0)));
    String extents = "{\"x\":{\"shape\":[" + "1,".repeat(5_000_000) + "1]}}";
    assertFalse(reads(file(extents.getBytes(StandardCharsets.UTF_8), 0)));
    String depth = "{\"x\":" + "[".repeat(5_000_000);
    assertFalse(reads(file(depth.getBytes(StandardCharsets.UTF_8), 0)));
  }

  @Example
  void aFolderIsNoFile() {
    IOException e = assertThrows(IOException.class, () -> SafeTensors.open(path.getParent()));
    assertTrue(e.getMessage().contains("is a folder"), e.getMessage());
  }

  @Example
  void namesAreShownWithoutTheirControlCharacters() {
    assertEquals("a\\nb\\u001b[2J\\u202ec", Printable.line("a\nb\u001b[2J\u202ec"));
    assertEquals("x".repeat(120) + "... (500 characters)", Printable.brief("x".repeat(500)));
    assertTrue(Printable.list(java.util.Collections.nCopies(5010, "x")).endsWith("and 10 more"));
  }

  /** Bits are drawn, for what jqwik draws as float is a multiple of a hundredth. */
  @Property
  void anyFloatBitsSurvive(@ForAll int[] bits, @ForAll String name) throws IOException {
    float[] values = new float[bits.length];
    for (int i = 0; i < bits.length; i++) {
      values[i] = Float.intBitsToFloat(bits[i]);
    }
    String safe =
        name.codePoints()
            .filter(c -> c < 0xD800 || c > 0xDFFF)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
    new SafeTensorsWriter().floats(safe, new long[] {values.length}, values).write(path);
    try (SafeTensors file = SafeTensors.open(path)) {
      float[] read = file.floats(safe);
      assertEquals(values.length, read.length);
      for (int i = 0; i < bits.length; i++) {
        assertEquals(Float.floatToRawIntBits(values[i]), Float.floatToRawIntBits(read[i]));
      }
    }
  }

  private static byte[] file(byte[] header, int dataBytes) {
    ByteBuffer out =
        ByteBuffer.allocate(8 + header.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
    return out.putLong(header.length).put(header).array();
  }

  /** Whether the file can be read whole; holds it to what this class promises. */
  private static boolean reads(byte[] bytes) throws IOException {
    Files.write(path, bytes);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long allocated = threads.getCurrentThreadAllocatedBytes();
    long start = System.nanoTime();
    boolean read = true;
    try (SafeTensors file = SafeTensors.open(path)) {
      readAll(file);
    } catch (IOException refused) {
      String said = refused.getMessage();
      assertTrue(said.startsWith("[safetensors] " + path), said);
      assertTrue(said.contains("byte") || said.contains("element"), said);
      assertTrue(said.length() < 2000 && said.equals(Printable.line(said)), said);
      read = false;
    }
    long used = threads.getCurrentThreadAllocatedBytes() - allocated;
    assertTrue(
        used <= FREE_BYTES + (TIMES_THE_FILE * (long) bytes.length),
        () -> used + " bytes allocated for a file of " + bytes.length);
    assertTrue(System.nanoTime() - start < MOST_NANOS, "too slow");
    return read;
  }

  private static void readAll(SafeTensors file) throws IOException {
    file.verify();
    for (String name : file.names()) {
      file.shape(name);
      if (file.dtype(name).isInteger()) {
        file.longs(name);
      } else {
        file.floats(name);
        file.doubles(name);
      }
    }
  }

  /** Writes headers out of good and bad pieces. */
  private record HostileHeader(Random random) {
    private static final String[] NUMBERS = {
      "0",
      "1",
      "2",
      "4",
      "8",
      "16",
      "-1",
      "1.5",
      "1e3",
      "\"4\"",
      "null",
      "00",
      "2147483648",
      "4294967296",
      "4611686018427387904",
      "9223372036854775807",
      "9223372036854775808",
      "18446744073709551616",
      "",
      "[1]",
      "{}"
    };
    private static final String[] NAMES = {
      "a",
      "b",
      "c",
      "d",
      "a",
      "",
      "__metadata__",
      "../../x",
      "\\u0000",
      "\\n",
      "\\ud800",
      "\\q",
      "/etc/passwd",
      "x\\",
      "\u00e9\u4e2d"
    };
    private static final String[] DTYPES = {"F32", "U8", "BF16", "I64", "BOOL", "F99", "f32", ""};

    String text() {
      StringBuilder out = new StringBuilder("{");
      int count = random.nextInt(4);
      int at = 0;
      for (int i = 0; i < count; i++) {
        int length = random.nextInt(5);
        out.append(i == 0 ? "" : rarely(",,", ","));
        out.append('"').append(harmful() ? any(NAMES) : "t" + i).append("\":");
        out.append(entry(at, length));
        at += length;
      }
      return out.append(rarely("", "}")).append(rarely("x", "")).toString();
    }

    private String entry(int at, int length) {
      if (harmful()) {
        return harmful() ? "{".repeat(random.nextInt(3000)) : any(NUMBERS);
      }
      String dtype = "\"dtype\":\"" + rarely(any(DTYPES), "U8") + "\"";
      String shape = "\"shape\":[" + rarely(list(), "" + length) + "]";
      String range = rarely(any(NUMBERS), "" + at) + "," + rarely(any(NUMBERS), "" + (at + length));
      String offsets = "\"data_offsets\":[" + rarely(list(), range) + "]";
      String more = rarely(",\"shape\":[1]", "") + rarely(",\"more\":1", "");
      return "{" + dtype + "," + shape + "," + offsets + more + rarely("", "}");
    }

    private String list() {
      StringBuilder out = new StringBuilder(any(NUMBERS));
      for (int n = random.nextInt(5); n > 0; n--) {
        out.append(',').append(any(NUMBERS));
      }
      return out.toString();
    }

    private boolean harmful() {
      return random.nextInt(12) == 0;
    }

    private String rarely(String bad, String good) {
      return harmful() ? bad : good;
    }

    private String any(String[] choices) {
      return choices[random.nextInt(choices.length)];
    }
  }
}
