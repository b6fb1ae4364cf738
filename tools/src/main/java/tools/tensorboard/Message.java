package tools.tensorboard;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A message of Protocol Buffers under construction: fields one behind the other, each a number with
 * its kind and a value (developers.google.com/protocol-buffers, "Encoding").
 */
final class Message {
  private static final int VARINT = 0;
  private static final int EIGHT_BYTES = 1;
  private static final int BYTES = 2;
  private static final int FOUR_BYTES = 5;
  private static final int LOW = 0x7f;
  private static final int MORE = 0x80;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  Message whole(int field, long value) {
    varint((field << 3) | VARINT);
    varint(value);
    return this;
  }

  Message real(int field, double value) {
    varint((field << 3) | EIGHT_BYTES);
    out.writeBytes(
        ByteBuffer.allocate(Double.BYTES).order(ByteOrder.LITTLE_ENDIAN).putDouble(value).array());
    return this;
  }

  Message single(int field, float value) {
    varint((field << 3) | FOUR_BYTES);
    out.writeBytes(
        ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN).putFloat(value).array());
    return this;
  }

  Message bytes(int field, byte[] value) {
    varint((field << 3) | BYTES);
    varint(value.length);
    out.writeBytes(value);
    return this;
  }

  Message text(int field, String value) {
    return bytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  Message inner(int field, Message value) {
    return bytes(field, value.encoded());
  }

  /** Seven bits a byte, the lowest first. */
  private void varint(long value) {
    long left = value;
    while ((left & ~LOW) != 0) {
      out.write((int) (left & LOW) | MORE);
      left >>>= 7;
    }
    out.write((int) left);
  }

  byte[] encoded() {
    return out.toByteArray();
  }
}
