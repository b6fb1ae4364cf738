package tools.explore;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engine.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import medsora.media.Clip;

/**
 * The numbers of a page: arrays one behind the other, little-endian, each at a multiple of 4 bytes.
 * The page's facts refer to them by {@code {"at": offset, "type": "f4" | "u1" | "i2", "shape":
 * [...]}}; {@code data.js} reads them.
 */
final class Arrays {
  private static final int ALIGNMENT = 4;
  private static final int CHANNELS = 3;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** Floats, bit by bit. */
  ObjectNode floats(float[] values, int... shape) {
    ByteBuffer buffer = buffer(values.length * Float.BYTES);
    for (float v : values) {
      buffer.putFloat(v);
    }
    return add("f4", buffer, values.length, shape);
  }

  /** A tensor, bit by bit. */
  ObjectNode floats(Tensor x) {
    return floats(x.toArray(), x.shape().dims());
  }

  /** Doubles, rounded to float. */
  ObjectNode floats(double[] values, int... shape) {
    float[] rounded = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      rounded[i] = (float) values[i];
    }
    return floats(rounded, shape);
  }

  /** Whole numbers of -32768 to 32767. */
  ObjectNode shorts(int[] values, int... shape) {
    ByteBuffer buffer = buffer(values.length * Short.BYTES);
    for (int v : values) {
      buffer.putShort((short) v);
    }
    return add("i2", buffer, values.length, shape);
  }

  /** Bytes, 0 to 255. */
  ObjectNode bytes(int[] values, int... shape) {
    ByteBuffer buffer = buffer(values.length);
    for (int v : values) {
      buffer.put((byte) v);
    }
    return add("u1", buffer, values.length, shape);
  }

  /** Some frames of a clip: [n, height, width, 3]. */
  ObjectNode frames(Clip clip, int... numbers) {
    List<byte[]> all = clip.frames();
    int frame = clip.height() * clip.width() * CHANNELS;
    ByteBuffer buffer = buffer(frame * numbers.length);
    for (int n : numbers) {
      buffer.put(all.get(n));
    }
    return add(
        "u1",
        buffer,
        frame * numbers.length,
        numbers.length,
        clip.height(),
        clip.width(),
        CHANNELS);
  }

  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private ObjectNode add(String type, ByteBuffer buffer, int count, int... shape) {
    int wanted = 1;
    for (int n : shape) {
      wanted *= n;
    }
    if (wanted != count) {
      throw new IllegalArgumentException(
          "[explore] %d values do not fill %s".formatted(count, java.util.Arrays.toString(shape)));
    }
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("at", bytes.size()).put("type", type);
    for (int n : shape) {
      node.withArray("shape").add(n);
    }
    bytes.writeBytes(buffer.array());
    while (bytes.size() % ALIGNMENT != 0) {
      bytes.write(0);
    }
    return node;
  }

  /** Everything, compressed by gzip, in base64. */
  String text() {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      bytes.writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Base64.getEncoder().encodeToString(packed.toByteArray());
  }
}
