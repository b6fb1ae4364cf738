package medsora.train;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The output folder of a run, held by one process at a time. */
public final class RunFolder implements AutoCloseable {
  private final Path path;
  private final FileChannel channel;
  private final FileLock lock;

  private RunFolder(Path path, FileChannel channel, FileLock lock) {
    this.path = path;
    this.channel = channel;
    this.lock = lock;
  }

  /** Creates the folder if need be and takes it; refused while another run holds it. */
  public static RunFolder open(Path path) throws IOException {
    Files.createDirectories(path);
    FileChannel channel =
        FileChannel.open(
            path.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = null;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // Held by this very process: refused like any other holder.
    }
    if (lock == null) {
      channel.close();
      throw new IOException(
          "[train] another run is writing to " + path + ": wait for it or choose another folder");
    }
    return new RunFolder(path, channel, lock);
  }

  public Path path() {
    return path;
  }

  public Path checkpoint(String stage) {
    return path.resolve(stage + ".safetensors");
  }

  /** The log of steps, cut back to the steps that the checkpoint knows. */
  Metrics metrics(String stage, long step) throws IOException {
    return Metrics.open(path.resolve("metrics.jsonl"), stage, step);
  }

  @Override
  public void close() throws IOException {
    lock.release();
    channel.close();
  }
}
