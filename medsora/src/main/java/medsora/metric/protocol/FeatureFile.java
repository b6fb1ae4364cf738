package medsora.metric.protocol;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/** The records of a file of features, of which {@link FeatureCache} says how one looks. */
final class FeatureFile {
  /** Takes a record that is as it was written. */
  @FunctionalInterface
  interface Records {
    /** A hash in hex, and features that are the receiver's own. */
    void take(String hash, float[] features);
  }

  private static final int HASH = 32;
  private static final int SUM = 4;

  /** A cache of more than 4 GiB is none of ours. */
  private static final long MOST_BYTES = 1L << 32;

  private final Path path;
  private final FileChannel channel;
  private final int dimensions;

  /** Where damaged records begin. */
  private final Deque<Long> damaged = new ArrayDeque<>();

  FeatureFile(Path path, FileChannel channel, int dimensions) {
    this.path = path;
    this.channel = channel;
    this.dimensions = dimensions;
  }

  Path path() {
    return path;
  }

  FileChannel channel() {
    return channel;
  }

  int dimensions() {
    return dimensions;
  }

  /** Hands all records on that are as they were written, and says where the last one ends. */
  long scan(Records records) throws IOException {
    if (channel.size() > MOST_BYTES) {
      throw new IOException(
          "[features] %s: %d bytes, more than 4 GiB; remove it".formatted(path, channel.size()));
    }
    ByteBuffer record = record();
    long whole = 0;
    while (fill(record, whole)) {
      if (sum(record) == record.getInt(record.capacity() - SUM)) {
        take(record, records);
      } else {
        damaged.add(whole);
      }
      whole += record.capacity();
    }
    return whole;
  }

  /** Writes a record over a damaged one, or to the end. */
  void write(String hash, float[] features) throws IOException {
    ByteBuffer record = record();
    record.put(HexFormat.of().parseHex(hash));
    for (float f : features) {
      record.putFloat(f);
    }
    record.putInt(sum(record));
    record.flip();
    long at = damaged.isEmpty() ? channel.size() : damaged.removeFirst();
    while (record.hasRemaining()) {
      at += channel.write(record, at);
    }
  }

  /** The damaged records in words, after the file's name; empty where there are none. */
  String damage() {
    return damaged.isEmpty()
        ? ""
        : " has %d damaged record%s, the first at byte %d"
            .formatted(damaged.size(), damaged.size() == 1 ? "" : "s", damaged.getFirst());
  }

  private ByteBuffer record() {
    return ByteBuffer.allocate(HASH + Float.BYTES * dimensions + SUM)
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  private boolean fill(ByteBuffer record, long at) throws IOException {
    record.clear();
    while (record.hasRemaining()) {
      if (channel.read(record, at + record.position()) < 0) {
        return false;
      }
    }
    return true;
  }

  private static int sum(ByteBuffer record) {
    CRC32C sum = new CRC32C();
    sum.update(record.array(), 0, record.capacity() - SUM);
    return (int) sum.getValue();
  }

  private void take(ByteBuffer record, Records records) {
    byte[] hash = new byte[HASH];
    record.get(0, hash);
    float[] features = new float[dimensions];
    record
        .slice(HASH, Float.BYTES * dimensions)
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .get(features);
    records.take(HexFormat.of().formatHex(hash), features);
  }
}
