package engine.io;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes what {@code torch.save({part: state dict})} writes, for programs of PyTorch: a zip of a
 * pickle of protocol 2 and of the numbers of each tensor, float32 or 64-bit integers, uncompressed
 * and little-endian.
 */
public final class TorchWriter {
  private static final String ROOT = "archive/";
  private static final int FLOAT_BYTES = 4;
  private static final int LONG_BYTES = 8;

  private final ByteArrayOutputStream pickle = new ByteArrayOutputStream();
  private final TensorSource source;

  private TorchWriter(TensorSource source) {
    this.source = source;
  }

  /**
   * Writes all tensors of a source in their order.
   *
   * @param part the key that the state dict stands under: {@code ema}, {@code model}
   */
  public static void write(TensorSource source, String part, Path target) throws IOException {
    TorchWriter writer = new TorchWriter(source);
    writer.describe(part);
    WholeFile.write(
        target,
        channel -> {
          OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
          ZipOutputStream zip = new ZipOutputStream(out);
          writer.entries(zip);
          zip.finish();
          out.flush();
        });
  }

  private void entries(ZipOutputStream zip) throws IOException {
    stored(zip, ROOT + "data.pkl", pickle.toByteArray());
    stored(zip, ROOT + "byteorder", "little".getBytes(StandardCharsets.US_ASCII));
    List<String> names = source.names();
    for (int i = 0; i < names.size(); i++) {
      stored(zip, ROOT + "data/" + i, numbers(names.get(i)));
    }
    stored(zip, ROOT + "version", "3\n".getBytes(StandardCharsets.US_ASCII));
  }

  private static void stored(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
    CRC32 sum = new CRC32();
    sum.update(bytes);
    ZipEntry entry = new ZipEntry(name);
    entry.setTime(0);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(bytes.length);
    entry.setCrc(sum.getValue());
    zip.putNextEntry(entry);
    zip.write(bytes);
    zip.closeEntry();
  }

  private boolean isWhole(String name) {
    return source.dtype(name).isInteger();
  }

  private byte[] numbers(String name) throws IOException {
    if (isWhole(name)) {
      long[] values = source.longs(name);
      ByteBuffer bytes = little(Math.multiplyExact(LONG_BYTES, values.length));
      bytes.asLongBuffer().put(values);
      return bytes.array();
    }
    float[] values = source.floats(name);
    ByteBuffer bytes = little(Math.multiplyExact(FLOAT_BYTES, values.length));
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  private static ByteBuffer little(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** {part: OrderedDict of tensors}. */
  private void describe(String part) {
    op(0x80, 2).op('}');
    text(part);
    dictionary();
    op('(');
    List<String> names = source.names();
    for (int i = 0; i < names.size(); i++) {
      text(names.get(i));
      tensor(names.get(i), i);
    }
    op('u', 's', '.');
  }

  private void dictionary() {
    global("collections", "OrderedDict");
    op(')', 'R');
  }

  /** _rebuild_tensor_v2((storage), offset, size, stride, requires_grad, hooks). */
  private void tensor(String name, int key) {
    long[] shape = source.shape(name);
    long[] strides = new long[shape.length];
    long count = 1;
    for (int i = shape.length - 1; i >= 0; i--) {
      strides[i] = count;
      count *= shape[i];
    }
    global("torch._utils", "_rebuild_tensor_v2");
    op('(', '(');
    text("storage");
    global("torch", isWhole(name) ? "LongStorage" : "FloatStorage");
    text(Integer.toString(key));
    text("cpu");
    whole(count);
    op('t', 'Q');
    whole(0);
    tuple(shape);
    tuple(strides);
    op(0x89);
    dictionary();
    op('t', 'R');
  }

  private void tuple(long... values) {
    op('(');
    for (long value : values) {
      whole(value);
    }
    op('t');
  }

  private TorchWriter op(int... codes) {
    for (int code : codes) {
      pickle.write(code);
    }
    return this;
  }

  private void global(String module, String name) {
    op('c');
    pickle.writeBytes((module + "\n" + name + "\n").getBytes(StandardCharsets.US_ASCII));
  }

  private void text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    op('X');
    pickle.writeBytes(little(FLOAT_BYTES).putInt(bytes.length).array());
    pickle.writeBytes(bytes);
  }

  /** LONG1 of as many bytes as it takes, the sign among them. */
  private void whole(long value) {
    List<Integer> bytes = new ArrayList<>();
    for (long rest = value; rest > 0 || bytes.isEmpty(); rest >>= 8) {
      bytes.add((int) (rest & 0xFF));
    }
    if (bytes.getLast() >= 0x80) {
      bytes.add(0);
    }
    op(0x8a, bytes.size());
    bytes.forEach(this::op);
  }
}
