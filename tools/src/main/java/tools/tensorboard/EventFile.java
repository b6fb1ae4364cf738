package tools.tensorboard;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * A file of events for TensorBoard: values by name and step, and animated pictures.
 *
 * <p>It is a TFRecord file. A record is its length (8 bytes, little-endian), the masked CRC-32C of
 * these bytes, the data, and the masked CRC-32C of the data, where a sum c is masked as ((c
 * &gt;&gt; 15) | (c &lt;&lt; 17)) + 0xa282ead8. The data are messages {@code Event} of TensorFlow's
 * {@code event.proto}; the first names the version. The wall time of an event is the seconds of
 * training so far, so that equal runs of equal speed write equal files.
 */
public final class EventFile implements AutoCloseable {
  static final String VERSION = "brain.Event:2";

  // Fields of Event, Summary, Summary.Value and Summary.Image.
  private static final int WALL_TIME = 1;
  private static final int STEP = 2;
  private static final int FILE_VERSION = 3;
  private static final int SUMMARY = 5;
  private static final int VALUE = 1;
  private static final int TAG = 1;
  private static final int SIMPLE_VALUE = 2;
  private static final int IMAGE = 4;
  private static final int HEIGHT = 1;
  private static final int WIDTH = 2;
  private static final int COLOURS = 3;
  private static final int ENCODED = 4;
  private static final int RGB = 3;

  private static final int MASK = 0xa282ead8;

  private final FileChannel channel;

  private EventFile(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Begins a file in a folder, which is made where it is missing.
   *
   * @param run what tells the file from others in the folder, of letters, digits and {@code -};
   *     TensorBoard reads the files of a folder in the order of their names
   */
  public static EventFile create(Path folder, String run) throws IOException {
    Files.createDirectories(folder);
    Path file = folder.resolve("events.out.tfevents." + run);
    EventFile made =
        new EventFile(
            FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE));
    made.append(new Message().real(WALL_TIME, 0).text(FILE_VERSION, VERSION));
    return made;
  }

  /**
   * Writes the values of a step.
   *
   * @param seconds of training so far
   */
  public void values(double seconds, long step, Map<String, Double> values) throws IOException {
    Message summary = new Message();
    values.forEach((name, value) ->
        summary.inner(
            VALUE, new Message().text(TAG, name).single(SIMPLE_VALUE, value.floatValue())));
    append(event(seconds, step).inner(SUMMARY, summary));
  }

  /**
   * Writes a picture, which moves where it is a gif of several frames.
   *
   * @param encoded a whole file of png, jpeg or gif
   */
  public void picture(double seconds, long step, String name, int height, int width, byte[] encoded)
      throws IOException {
    Message image =
        new Message()
            .whole(HEIGHT, height)
            .whole(WIDTH, width)
            .whole(COLOURS, RGB)
            .bytes(ENCODED, encoded);
    Message summary = new Message().inner(VALUE, new Message().text(TAG, name).inner(IMAGE, image));
    append(event(seconds, step).inner(SUMMARY, summary));
  }

  private static Message event(double seconds, long step) {
    return new Message().real(WALL_TIME, seconds).whole(STEP, step);
  }

  /** Writes a record, in one call, so that a kill leaves it whole or not at all. */
  private void append(Message event) throws IOException {
    byte[] data = event.encoded();
    ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    length.putLong(0, data.length);
    ByteBuffer record =
        ByteBuffer.allocate(Long.BYTES + (2 * Integer.BYTES) + data.length)
            .order(ByteOrder.LITTLE_ENDIAN);
    record.put(length.array()).putInt(masked(length.array()));
    record.put(data).putInt(masked(data)).flip();
    while (record.hasRemaining()) {
      channel.write(record);
    }
  }

  /** The masked CRC-32C of some bytes. */
  static int masked(byte[] bytes) {
    CRC32C sum = new CRC32C();
    sum.update(bytes);
    return Integer.rotateRight((int) sum.getValue(), 15) + MASK;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
