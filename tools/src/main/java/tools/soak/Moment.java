package tools.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/** When a process is killed: at an age, or at a point of writing a checkpoint. */
public sealed interface Moment {
  /** Between two looks at the folder; a small checkpoint is written in a few milliseconds. */
  long NANOS_BETWEEN_LOOKS = 50_000;

  /** Checkpoints of one run differ by a few bytes of their headers. */
  long HEADER = 4096;

  /** An age of the process in seconds, whatever it is doing then. */
  record Age(double seconds) implements Moment {
    @Override
    public boolean await(Child child, Path folder, Map<String, Long> sizes) {
      while (child.isAlive() && child.age() < seconds) {
        LockSupport.parkNanos(NANOS_BETWEEN_LOOKS);
      }
      return child.isAlive();
    }

    @Override
    public String toString() {
      return String.format(Locale.ROOT, "after %.2f s", seconds);
    }
  }

  /**
   * The n-th write of a checkpoint, as soon as so much of the unfinished file is there; with a
   * share of 1 it is complete, and being forced to the disk or about to be renamed.
   */
  record Writing(int write, double share) implements Moment {
    @Override
    public boolean await(Child child, Path folder, Map<String, Long> sizes) throws IOException {
      int writes = 0;
      // What an earlier process left is no write of this one.
      boolean before = false;
      for (String name : sizes.keySet()) {
        before |= sizeOf(folder.resolve(name + ".part")) >= 0;
      }
      while (child.isAlive()) {
        boolean now = false;
        for (Map.Entry<String, Long> e : sizes.entrySet()) {
          long size = sizeOf(folder.resolve(e.getKey() + ".part"));
          now |= size >= 0;
          if (size >= 0
              && writes + (before ? 0 : 1) >= write
              && size >= (share * e.getValue()) - HEADER) {
            return true;
          }
        }
        writes += now && !before ? 1 : 0;
        before = now;
        LockSupport.parkNanos(NANOS_BETWEEN_LOOKS);
      }
      return false;
    }

    @Override
    public String toString() {
      return share >= 1
          ? "write " + write + ", complete, before the rename"
          : String.format(Locale.ROOT, "write %d, at %.0f %%", write, 100 * share);
    }
  }

  /** Right after the n-th rename of a finished checkpoint to its name. */
  record Renamed(int write) implements Moment {
    @Override
    public boolean await(Child child, Path folder, Map<String, Long> sizes) throws IOException {
      List<Path> files = sizes.keySet().stream().map(folder::resolve).toList();
      Object[] before = new Object[files.size()];
      for (int i = 0; i < before.length; i++) {
        before[i] = identity(files.get(i));
      }
      int renames = 0;
      while (child.isAlive()) {
        for (int i = 0; i < before.length; i++) {
          Object now = identity(files.get(i));
          renames += now.equals(before[i]) ? 0 : 1;
          before[i] = now;
        }
        if (renames >= write) {
          return true;
        }
        LockSupport.parkNanos(NANOS_BETWEEN_LOOKS);
      }
      return false;
    }

    @Override
    public String toString() {
      return "write " + write + ", after the rename";
    }
  }

  /**
   * Waits for the moment.
   *
   * @param sizes bytes of a whole checkpoint by the name of its file
   * @return false where the process ended before
   */
  boolean await(Child child, Path folder, Map<String, Long> sizes) throws IOException;

  /**
   * Draws a moment: half of them by age, the others at a write.
   *
   * @param lifetime of a process that is left alone, in seconds
   */
  static Moment draw(Random random, double lifetime) {
    int write = 1 + random.nextInt(6);
    return switch (random.nextInt(8)) {
      case 0, 1, 2 -> new Age(lifetime * random.nextDouble());
      case 3, 4, 5 -> new Writing(write, random.nextDouble());
      case 6 -> new Writing(write, 1);
      default -> new Renamed(write);
    };
  }

  /** Bytes of a file, or -1 where there is none. */
  private static long sizeOf(Path file) throws IOException {
    try {
      return Files.size(file);
    } catch (NoSuchFileException e) {
      return -1;
    }
  }

  /** Another one for each file that takes the name. */
  private static Object identity(Path file) throws IOException {
    try {
      BasicFileAttributes a = Files.readAttributes(file, BasicFileAttributes.class);
      return List.of(String.valueOf(a.fileKey()), a.lastModifiedTime());
    } catch (NoSuchFileException e) {
      return "none";
    }
  }
}
