package medsora.metric.protocol;

import engine.numeric.NumericContract;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
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
 * What a kill left of the last record is dropped on opening. A record whose sum is another is not
 * taken; the next one that is kept is written over it. One process at a time may have a file open.
 */
public final class FeatureCache implements AutoCloseable {
  /**
   * Of how networks compute their features and how frames are resized for them. Raised with
   * whatever changes a bit of any feature under an equal numeric contract, so that old features are
   * not taken for new ones.
   */
  public static final int VERSION = 2;

  private static final Pattern DIMENSIONS = Pattern.compile(", (\\d{1,9}) features, ");

  private static final String TEXT = ".txt";
  private static final String RECORDS = ".bin";

  /** Settings are a line; other texts in the folder are no settings. */
  private static final int MOST_TEXT = 1 << 16;

  private final FeatureFile file;
  private final FileLock lock;
  private final Map<String, float[]> found = new HashMap<>();

  private FeatureCache(FeatureFile file, FileLock lock) {
    this.file = file;
    this.lock = lock;
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
    Files.writeString(folder.resolve(stem(text) + TEXT), text);
    Path file = folder.resolve(stem(text) + RECORDS);
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      FeatureFile records = new FeatureFile(file, channel, dimensions);
      FeatureCache cache = new FeatureCache(records, locked(file, channel));
      // What follows the last whole record is a part of one: it is computed again.
      channel.truncate(records.scan(cache.found::put));
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
    Path file = folder.resolve(stem(text(settings, dimensions)) + RECORDS);
    if (!Files.isRegularFile(file)) {
      throw new IOException("[features] no file " + file + " of " + settings);
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      FeatureFile records = new FeatureFile(file, channel, dimensions);
      Map<String, float[]> found = new HashMap<>();
      records.scan(found::put);
      List<float[]> rows = new ArrayList<>();
      for (String hash : hashes) {
        float[] row = found.get(hash);
        if (row == null) {
          throw new IOException(
              "[features] %s lacks the clip %s of the %s set%s: run that evaluation again"
                  .formatted(file, hash, set, records.damage()));
        }
        rows.add(row);
      }
      return FeatureRows.of(set, rows);
    }
  }

  /**
   * Looks through all files of a folder that this version takes features from, without holding
   * them.
   *
   * @param folder which need not exist
   * @return a line for each file that has damaged records: where, and what will become of them
   */
  public static List<String> damaged(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    List<Path> texts;
    try (Stream<Path> all = Files.list(folder)) {
      texts = all.filter(f -> f.toString().endsWith(TEXT)).sorted().toList();
    }
    List<String> lines = new ArrayList<>();
    for (Path each : texts) {
      String name = each.getFileName().toString();
      Path file = folder.resolve(name.substring(0, name.length() - TEXT.length()) + RECORDS);
      if (Files.isRegularFile(file) && Files.size(each) <= MOST_TEXT) {
        String text = Files.readString(each, StandardCharsets.ISO_8859_1);
        Matcher dimensions = DIMENSIONS.matcher(text);
        if (text.endsWith(version()) && dimensions.find()) {
          lines.addAll(damaged(file, Integer.parseInt(dimensions.group(1))));
        }
      }
    }
    return lines;
  }

  private static List<String> damaged(Path file, int dimensions) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      FeatureFile records = new FeatureFile(file, channel, dimensions);
      records.scan((hash, features) -> {});
      String damage = records.damage();
      return damage.isEmpty()
          ? List.of()
          : List.of("[features] %s%s; what they held is computed again".formatted(file, damage));
    }
  }

  private static String text(String settings, int dimensions) {
    return "%s, %d features, %s".formatted(settings, dimensions, version());
  }

  private static String version() {
    return "numeric contract %d, version %d\n".formatted(NumericContract.VERSION, VERSION);
  }

  private static String stem(String text) {
    return "features-" + ClipHash.of(text.getBytes(StandardCharsets.UTF_8)).substring(0, 16);
  }

  private static FileLock locked(Path file, FileChannel channel) throws IOException {
    @Nullable FileLock lock;
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

  /** The file. */
  public Path file() {
    return file.path();
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
    if (features.length != file.dimensions()) {
      throw new IllegalArgumentException(
          "[features] %d features, the file has %d a clip"
              .formatted(features.length, file.dimensions()));
    }
    file.write(hash, features);
    found.put(hash, features.clone());
  }

  @Override
  public void close() throws IOException {
    file.channel().force(true);
    lock.release();
    file.channel().close();
  }
}
