package engine.testing;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes what torch.save writes, opcode by opcode, and what it never would. */
public final class PickleWriter {
  /** How a legacy checkpoint begins. */
  private static final byte[] MAGIC = {
    (byte) 0x80,
    2,
    (byte) 0x8a,
    10,
    0x6c,
    (byte) 0xfc,
    (byte) 0x9c,
    0x46,
    (byte) 0xf9,
    0x20,
    0x6a,
    (byte) 0xa8,
    0x50,
    0x19,
    '.'
  };

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  public PickleWriter op(int... opcodes) {
    for (int opcode : opcodes) {
      out.write(opcode);
    }
    return this;
  }

  /** Bytes as they are. */
  public PickleWriter raw(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  private static byte[] little(int count, long value) {
    ByteBuffer b = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value);
    return java.util.Arrays.copyOf(b.array(), count);
  }

  public PickleWriter protocol() {
    return op(0x80, 2);
  }

  public PickleWriter whole(long value) {
    return op(0x8a, 8).raw(little(8, value));
  }

  public PickleWriter text(String s) {
    byte[] bytes = s.getBytes(StandardCharsets.UTF_8);
    return op('X').raw(little(4, bytes.length)).raw(bytes);
  }

  /** A string of Python 2. */
  public PickleWriter oldText(String s) {
    return op('U', s.length()).raw(s.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** A string of bytes. */
  public PickleWriter bytes(byte[] some) {
    return op('B').raw(little(4, some.length)).raw(some);
  }

  public PickleWriter global(String module, String name) {
    return op('c').raw((module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** An OrderedDict with nothing in it yet; follow with a mark, entries, and 'u'. */
  public PickleWriter dict() {
    return global("collections", "OrderedDict").op(')', 'R');
  }

  public PickleWriter tuple(long... values) {
    op('(');
    for (long v : values) {
      whole(v);
    }
    return op('t');
  }

  /** {@code module.name()} in the manner of protocol 2, with nothing in it yet. */
  public PickleWriter object(String module, String name) {
    return global(module, name).op(')', 0x81);
  }

  /** _rebuild_tensor_v3: bytes without a type, and the type beside them. */
  public PickleWriter typedTensor(String dtype, String key, long bytes, long... shape) {
    global("torch._utils", "_rebuild_tensor_v3").op('(', '(').text("storage");
    global("torch.storage", "UntypedStorage").text(key).text("cpu").whole(bytes).op('t', 'Q');
    long[] stride = new long[shape.length];
    long step = 1;
    for (int i = shape.length - 1; i >= 0; i--) {
      stride[i] = step;
      step *= shape[i];
    }
    whole(0).tuple(shape).tuple(stride).op(0x89).dict().global("torch", dtype);
    return op('t', 'R');
  }

  /** _rebuild_tensor_v2(storage, offset, shape, stride, False, OrderedDict()). */
  public PickleWriter tensor(
      String type,
      String key,
      long count,
      long offset,
      long[] shape,
      long[] stride,
      boolean legacy) {
    global("torch._utils", "_rebuild_tensor_v2").op('(', '(').text("storage");
    global("torch", type).text(key).text("cpu").whole(count);
    if (legacy) {
      op('N');
    }
    return op('t', 'Q').whole(offset).tuple(shape).tuple(stride).op(0x89).dict().op('t', 'R');
  }

  public byte[] end() {
    return op('.').out.toByteArray();
  }

  byte[] bytes() {
    return out.toByteArray();
  }

  public static byte[] floats(float... values) {
    ByteBuffer b = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    b.asFloatBuffer().put(values);
    return b.array();
  }

  /** A zip checkpoint of storages "0", "1" and so on. */
  public static byte[] zip(byte[] pickle, byte[]... storages) throws java.io.IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      add(zip, "archive/data.pkl", pickle);
      for (int i = 0; i < storages.length; i++) {
        add(zip, "archive/data/" + i, storages[i]);
      }
    }
    return bytes.toByteArray();
  }

  private static void add(ZipOutputStream zip, String name, byte[] bytes)
      throws java.io.IOException {
    ZipEntry e = new ZipEntry(name);
    e.setMethod(ZipEntry.STORED);
    e.setSize(bytes.length);
    CRC32 crc = new CRC32();
    crc.update(bytes);
    e.setCrc(crc.getValue());
    zip.putNextEntry(e);
    zip.write(bytes);
    zip.closeEntry();
  }

  /** A legacy checkpoint of one storage "0" of count elements. */
  public static byte[] legacy(byte[] pickle, long count, byte[] storage) {
    PickleWriter all = new PickleWriter().raw(MAGIC);
    all.protocol().op('M').raw(little(2, 1001)).op('.');
    all.protocol().op('}', '.');
    all.raw(pickle);
    all.protocol().op(']').oldText("0").op('a', '.');
    return all.raw(little(8, count)).raw(storage).bytes();
  }
}
