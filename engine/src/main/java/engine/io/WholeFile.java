package engine.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Writing a file as a whole or not at all.
 *
 * <p>The bytes go to {@code NAME.part} beside the target, are forced to the disk, and the part is
 * then renamed over the target in one step. A kill at any instant leaves the old file or the new
 * one, and at most a stale part, which the next write replaces. One writer per target at a time.
 */
public final class WholeFile {
  private WholeFile() {}

  /** Produces the content. */
  @FunctionalInterface
  public interface Content {
    void writeTo(FileChannel channel) throws IOException;
  }

  /** What must be true of a file when {@link #write} has come back. */
  enum Promise {
    /** A power cut does not take it away. */
    ON_DISK,
    /**
     * A power cut may leave it damaged: for what carries a sum of its content and can be computed
     * again, since waiting for the disk may take longer than computing it did.
     */
    IN_PLACE
  }

  /** Replaces or creates {@code target}. */
  public static void write(Path target, Content content) throws IOException {
    write(target, content, Promise.ON_DISK);
  }

  /** The same with less of a promise, or the same. */
  static void write(Path target, Content content, Promise promise) throws IOException {
    boolean force = promise == Promise.ON_DISK;
    Path absolute = target.toAbsolutePath();
    Path part = absolute.resolveSibling(absolute.getFileName() + ".part");
    try {
      try (FileChannel channel =
          FileChannel.open(
              part,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        content.writeTo(channel);
        if (force) {
          channel.force(true);
        }
      }
      Files.move(part, absolute, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException | RuntimeException | Error e) {
      Files.deleteIfExists(part);
      throw e;
    }
    if (force) {
      forceFolder(absolute.getParent());
    }
  }

  /** Replaces or creates {@code target} with these bytes. */
  public static void write(Path target, byte[] content) throws IOException {
    write(target, channel -> writeFully(channel, ByteBuffer.wrap(content)));
  }

  /** Writes all that remains in the buffer; one call of a channel may take less. */
  static void writeFully(FileChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  /** The rename itself is safe only when the folder's entry is on the disk too. */
  private static void forceFolder(@Nullable Path folder) throws IOException {
    if (folder != null && folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }
}
