package tools.tensorboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads event files by the record format of TensorFlow, as tf_record.h has it. */
public final class EventReader {
  private EventReader() {}

  /** A field of a message: its number, and a number or bytes. */
  public record Field(int number, long whole, byte[] bytes) {
    public String text() {
      return new String(bytes, StandardCharsets.UTF_8);
    }

    public List<Field> inner() {
      return fields(bytes);
    }
  }

  /** The events of a file, whose sums are held. */
  public static List<List<Field>> events(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    List<List<Field>> events = new ArrayList<>();
    while (bytes.hasRemaining()) {
      byte[] length = new byte[8];
      bytes.get(length);
      assertEquals(EventFile.masked(length), bytes.getInt());
      byte[] data =
          new byte[(int) ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong()];
      bytes.get(data);
      assertEquals(EventFile.masked(data), bytes.getInt());
      events.add(fields(data));
    }
    assertTrue(events.size() > 1);
    return events;
  }

  private static List<Field> fields(byte[] message) {
    ByteBuffer in = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
    List<Field> fields = new ArrayList<>();
    while (in.hasRemaining()) {
      long key = varint(in);
      int number = (int) (key >> 3);
      switch ((int) (key & 7)) {
        case 0 -> fields.add(new Field(number, varint(in), new byte[0]));
        case 1 -> fields.add(new Field(number, in.getLong(), new byte[0]));
        case 2 -> {
          byte[] bytes = new byte[(int) varint(in)];
          in.get(bytes);
          fields.add(new Field(number, 0, bytes));
        }
        case 5 -> fields.add(new Field(number, in.getInt(), new byte[0]));
        default -> throw new IllegalStateException("kind of " + key);
      }
    }
    return fields;
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    int shift = 0;
    int next;
    do {
      next = in.get();
      value |= (long) (next & 0x7f) << shift;
      shift += 7;
    } while ((next & 0x80) != 0);
    return value;
  }
}
