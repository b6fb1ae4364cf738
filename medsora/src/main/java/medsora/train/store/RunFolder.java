package medsora.train.store;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The output folder of a run, held by one process at a time. The lock is the operating system's: it
 * ends with its process, however that ends, and the file that carries it means nothing by itself.
 * The file stays: a run that deleted it could delete the one that the next run has just locked.
 */
public final class RunFolder implements AutoCloseable {
  /** Names of unfinished files. */
  private static final String LEFT_OVER =
      "{*.safetensors,metrics.jsonl,hashes.jsonl,manifest.json,config.yaml}.part";

  private static final Logger LOG = System.getLogger("medsora");

  private final Path path;

  /** Null where another rank holds the folder. */
  private final @Nullable FileChannel channel;

  private final @Nullable FileLock lock;

  private RunFolder(Path path, @Nullable FileChannel channel, @Nullable FileLock lock) {
    this.path = path;
    this.channel = channel;
    this.lock = lock;
  }

  /**
   * Creates the folder if need be and takes it; refused while another run holds it. Files that a
   * killed run left half written are deleted; they were never read.
   */
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
    RunFolder folder = new RunFolder(path, channel, lock);
    try {
      folder.sweep();
    } catch (IOException e) {
      folder.close();
      throw e;
    }
    return folder;
  }

  /** The folder as a rank sees it that does not write: rank 0 holds it meanwhile. */
  public static RunFolder heldByOther(Path path) {
    return new RunFolder(path, null, null);
  }

  /** Whether this process holds it, and may write. */
  public boolean isHeld() {
    return lock != null;
  }

  private void sweep() throws IOException {
    try (DirectoryStream<Path> parts = Files.newDirectoryStream(path, LEFT_OVER)) {
      for (Path part : parts) {
        Files.delete(part);
        LOG.log(Level.INFO, "deleted {0}, which a run that was killed had not finished", part);
      }
    }
  }

  public Path path() {
    return path;
  }

  public Path checkpoint(String stage) {
    return checkpoint(path, stage);
  }

  /** Where the checkpoint of a stage lies in a folder, whether a run holds it or not. */
  public static Path checkpoint(Path folder, String stage) {
    return folder.resolve(stage + ".safetensors");
  }

  /** Where the checkpoint of a stage's best step lies. */
  public Path best(String stage) {
    return path.resolve(stage + "-best.safetensors");
  }

  /**
   * The log of steps, cut back to the steps that the checkpoint knows; none where another rank
   * writes it.
   */
  public Metrics metrics(String stage, long step) throws IOException {
    return lock == null
        ? Metrics.NOWHERE
        : Metrics.open(path.resolve("metrics.jsonl"), stage, step);
  }

  /** Where a checkpoint of a stage lies that stays. */
  public Path kept(String stage, long step) {
    return kept(path, stage, step);
  }

  /** Where a checkpoint that stays lies in a folder, whether a run holds it or not. */
  public static Path kept(Path folder, String stage, long step) {
    return folder.resolve(stage + "-" + step + ".safetensors");
  }

  @Override
  public void close() throws IOException {
    if (lock != null && channel != null) {
      lock.release();
      channel.close();
    }
  }
}
