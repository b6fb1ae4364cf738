package engine.tensor;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the contents of one heap array stand: a count of writes, and for each copy the count that
 * it has. Several devices may read one array, each from a copy of its own; who writes makes all
 * others stale, and they are brought up to date, through the array, when they are asked for.
 */
final class Copies {
  private final float[] array;
  private final List<DeviceCopy> all = new ArrayList<>(1);
  private long version;

  /** The one copy that is newer than the array; null where the array is up to date. */
  private @Nullable DeviceCopy newer;

  Copies(float[] array) {
    this.array = array;
  }

  /** Before a kernel reads a copy. */
  synchronized void deviceReads(DeviceCopy copy) {
    if (copy.version != version) {
      hostReads();
      copy.upload(array);
      if (copy.version < 0) {
        all.add(copy);
      }
      copy.version = version;
    }
  }

  /** Before a kernel writes a copy, all or in part. */
  synchronized void deviceWrites(DeviceCopy copy) {
    deviceReads(copy);
    version++;
    copy.version = version;
    newer = copy;
  }

  /** Before somebody reads the array: every copy stays what it is. */
  synchronized void hostReads() {
    if (newer != null) {
      newer.download(array);
      newer = null;
    }
  }

  /** Before somebody changes the array, or after: every copy is stale. */
  synchronized void hostWrites() {
    version++;
    newer = null;
  }

  /**
   * A device gives its copy up; contents that only it has come into the array first. Where they do
   * not, whoever asks for them is refused as this call was.
   */
  synchronized void leave(DeviceCopy copy) {
    try {
      if (newer == copy) {
        hostReads();
      }
    } finally {
      all.remove(copy);
      copy.release();
    }
  }

  /** The array is given up. */
  synchronized void release() {
    all.forEach(DeviceCopy::release);
    all.clear();
    newer = null;
  }
}
