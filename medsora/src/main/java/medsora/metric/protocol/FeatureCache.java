package medsora.metric.protocol;

import engine.numeric.NumericContract;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;
import medsora.metric.distance.FeatureRows;
import org.jspecify.annotations.Nullable;

/**
 * Features that were computed, in a folder, so that nothing is computed twice and nothing is lost
 * by a stop: a file for each network, named after the hash of what decides its features, to which a
 * record is appended for each clip:
 *
 * <pre>
 *   32 bytes   SHA-256 of the clip's frames
 *   4 d bytes  its features, float32, little-endian
 *   4 bytes    CRC-32C of both
 * </pre>
 *
 * A record that a kill left half written, and all behind it, are dropped on opening. One process at
 * a time may have a file open.
 */
public final class FeatureCache implements AutoCloseable {
  private static final int HASH = 32;
  private static final int SUM = 4;

  /** A cache of more than 4 GiB is none of ours. */
  private static final long MOST_BYTES = 1L << 32;

  private final Path file;
  private final FileChannel channel;
  private final @Nullable FileLock lock;
  private final int dimensions;
  private final Map<String, float[]> found = new HashMap<>();

  private FeatureCache(Path file, FileChannel channel, @Nullable FileLock lock, int dimensions) {
    this.file = file;
    this.channel = channel;
    this.lock = lock;
    this.dimensions = dimensions;
  }

  /**
   * Opens or makes the file of a network.
   *
   * @param settings in words, all that decides features besides the clip: network, hash of the
   *     weights, preprocessing
   * @param dimensions features of a clip
   * @throws IOException naming the file, where another process has it open or it cannot be read
   */
  public static FeatureCache open(Path folder, String settings, int dimensions) throws IOException {
    String text = text(settings, dimensions);
    Files.createDirectories(folder);
    Files.writeString(folder.resolve(stem(text) + ".txt"), text);
    Path file = folder.resolve(stem(text) + ".bin");
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      FeatureCache cache = new FeatureCache(file, channel, locked(file, channel), dimensions);
      cache.read();
      return cache;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /**
   * The rows of some clips in the file of a network that another run has left, which is not written
   * to.
   *
   * @param set name of the set, for messages
   * @param hashes of the clips
   * @throws IOException naming the file, where it lacks one of them or cannot be read
   */
  public static FeatureRows rows(
      Path folder, String settings, int dimensions, String set, List<String> hashes)
      throws IOException {
    Path file = folder.resolve(stem(text(settings, dimensions)) + ".bin");
    if (!Files.isRegularFile(file)) {
      throw new IOException("[features] no file " + file + " of " + settings);
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      FeatureCache cache = new FeatureCache(file, channel, null, dimensions);
      cache.scan();
      List<float[]> rows = new ArrayList<>();
      for (String hash : hashes) {
        float[] row = cache.found.get(hash);
        if (row == null) {
          throw new IOException(
              "[features] %s lacks the clip %s of the %s set: run that evaluation again"
                  .formatted(file, hash, set));
        }
        rows.add(row);
      }
      return FeatureRows.of(set, rows);
    }
  }

  private static String text(String settings, int dimensions) {
    return "%s, %d features, numeric contract %d\n"
        .formatted(settings, dimensions, NumericContract.VERSION);
  }

  private static String stem(String text) {
    return "features-" + ClipHash.of(text.getBytes(StandardCharsets.UTF_8)).substring(0, 16);
  }

  private static FileLock locked(Path file, FileChannel channel) throws IOException {
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      throw new IOException(
          "[features] " + file + " is open in another process; wait for it or take another folder");
    }
    return lock;
  }

  private void read() throws IOException {
    long whole = scan();
    // What follows is half of a record, or damaged: it is computed again.
    channel.truncate(whole);
    channel.position(whole);
  }

  /** Takes all whole records, and says where they end. */
  private long scan() throws IOException {
    if (channel.size() > MOST_BYTES) {
      throw new IOException(
          "[features] %s: %d bytes, more than 4 GiB; remove it".formatted(file, channel.size()));
    }
    ByteBuffer record = record();
    long whole = 0;
    while (fill(record, whole) && sum(record) == record.getInt(record.capacity() - SUM)) {
      keep(record);
      whole += record.capacity();
    }
    return whole;
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

  private void keep(ByteBuffer record) {
    byte[] hash = new byte[HASH];
    record.get(0, hash);
    float[] features = new float[dimensions];
    record
        .slice(HASH, Float.BYTES * dimensions)
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .get(features);
    found.put(HexFormat.of().formatHex(hash), features);
  }

  /** The file. */
  public Path file() {
    return file;
  }

  /** How many clips' features there are. */
  public int size() {
    return found.size();
  }

  /**
   * The features of a clip, where they are known; not to be written to.
   *
   * @param hash of its frames, {@link ClipHash}
   */
  public Optional<float[]> get(String hash) {
    return Optional.ofNullable(found.get(hash));
  }

  /**
   * Keeps features; they are in the file when this returns.
   *
   * @param hash of the clip's frames
   * @param features as many as the network has
   */
  public void put(String hash, float[] features) throws IOException {
    if (features.length != dimensions) {
      throw new IllegalArgumentException(
          "[features] %d features, the file has %d a clip".formatted(features.length, dimensions));
    }
    ByteBuffer record = record();
    record.put(HexFormat.of().parseHex(hash));
    for (float f : features) {
      record.putFloat(f);
    }
    record.putInt(sum(record));
    record.flip();
    while (record.hasRemaining()) {
      channel.write(record);
    }
    found.put(hash, features.clone());
  }

  @Override
  public void close() throws IOException {
    channel.force(true);
    if (lock != null) {
      lock.release();
    }
    channel.close();
  }
}
