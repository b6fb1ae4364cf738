package engine.kernel.opencl;

import engine.io.UserCache;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;

/**
 * Built programs in the user's cache folder, or where {@code -Dengine.opencl.cache=DIR} says
 * ({@code none}: nowhere). A file is named after the hash of what it was built from: device,
 * driver, options and source. It begins with a mark and the sum of the rest, so that a damaged one
 * is not used; it is written aside and renamed, so that processes may share the folder. A folder
 * that cannot be written costs time, not the run.
 */
final class OpenClCache {
  private static final Logger LOG = System.getLogger("engine");
  private static final byte[] MARK = "MSCL0001".getBytes(StandardCharsets.US_ASCII);
  private static final int SUM = 32;

  /** No program of ours comes near; a larger file is not ours. */
  private static final long LARGEST = 1L << 28;

  private final Optional<Path> folder;

  OpenClCache(Optional<Path> folder) {
    this.folder = folder;
  }

  /** Where the system keeps what can be made again. */
  static OpenClCache ofUser() {
    String chosen = System.getProperty("engine.opencl.cache");
    if (chosen != null) {
      return new OpenClCache(
          chosen.equals("none") ? Optional.empty() : Optional.of(Path.of(chosen)));
    }
    return new OpenClCache(UserCache.folder().map(f -> f.resolve("opencl")));
  }

  /** The name of what these words define. */
  static String key(String... words) {
    MessageDigest digest = sha256();
    for (String word : words) {
      byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
      digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
      digest.update(bytes);
    }
    return HexFormat.of().formatHex(digest.digest(), 0, 16);
  }

  /** What was stored under that name, if it is whole. */
  Optional<byte[]> find(String key) {
    if (folder.isEmpty()) {
      return Optional.empty();
    }
    Path file = file(key);
    try {
      if (!Files.isRegularFile(file) || Files.size(file) > LARGEST) {
        return Optional.empty();
      }
      byte[] all = Files.readAllBytes(file);
      Optional<byte[]> content = content(all);
      if (content.isEmpty()) {
        LOG.log(Level.WARNING, "[opencl] {0} is damaged and will be built again", file);
      }
      return content;
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "[opencl] {0} cannot be read: {1}", file, e);
      return Optional.empty();
    }
  }

  private static Optional<byte[]> content(byte[] all) {
    int begin = MARK.length + SUM;
    if (all.length <= begin || !Arrays.equals(all, 0, MARK.length, MARK, 0, MARK.length)) {
      return Optional.empty();
    }
    byte[] content = Arrays.copyOfRange(all, begin, all.length);
    byte[] sum = Arrays.copyOfRange(all, MARK.length, begin);
    return MessageDigest.isEqual(sum, sha256().digest(content))
        ? Optional.of(content)
        : Optional.empty();
  }

  /** Stores a program; without a word where that is not possible. */
  void store(String key, byte[] content) {
    if (folder.isEmpty()) {
      return;
    }
    Path file = file(key);
    Path aside = file.resolveSibling(key + "." + UUID.randomUUID() + ".part");
    try {
      Files.createDirectories(folder.get());
      ByteBuffer all = ByteBuffer.allocate(MARK.length + SUM + content.length);
      all.put(MARK).put(sha256().digest(content)).put(content);
      Files.write(aside, all.array());
      move(aside, file);
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "[opencl] {0} cannot be written: {1}", file, e);
      discard(aside);
    }
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static void discard(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "[opencl] {0} is left behind: {1}", file, e);
    }
  }

  private Path file(String key) {
    return folder.orElseThrow().resolve(key + ".clbin");
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
