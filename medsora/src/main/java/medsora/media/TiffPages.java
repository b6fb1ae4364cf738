package medsora.media;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The chain of pages of a tiff (TIFF 6.0, section 2; BigTIFF): each is a directory of fields,
 * behind which stands the place of the next one.
 *
 * @param frames numbers, from 0, of those that are pictures of their own
 * @param others how many are smaller copies or masks of others, by their field NewSubfileType
 * @param broken whether the chain leads out of the file, or back to where it was
 */
record TiffPages(List<Integer> frames, int others, boolean broken) {
  private static final int TAG_SUBFILE = 254;

  /** Bits of that field: a smaller copy, a mask. */
  private static final int COPY_OR_MASK = 1 | 4;

  /** Of all pages together; more would fill the memory of who reads them all. */
  private static final int MOST_FIELDS = 1 << 20;

  TiffPages {
    frames = List.copyOf(frames);
  }

  /** Where to go on, and what was found there. */
  private record Directory(long next, int fields, boolean isFrame) {}

  /** Whether a file is a tiff of several pictures, or of more than are allowed. */
  static boolean several(Path file, ReadLimits limits) {
    try {
      return PictureKind.of(file).equals(Optional.of(PictureKind.TIFF))
          && of(file, limits).frames.size() > 1;
    } catch (VideoException e) {
      // Refused by its own name when it is opened.
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Follows the chain of a file that begins as a tiff.
   *
   * @throws IOException when there are more pages than frames are allowed
   */
  static TiffPages of(Path file, ReadLimits limits) throws IOException {
    try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
      return new Walk(file.toString(), in).pages(limits);
    }
  }

  /** Reads one file. */
  private static final class Walk {
    private final String name;
    private final FileChannel in;
    private final ByteOrder order;
    private final boolean big;

    Walk(String name, FileChannel in) throws IOException {
      this.name = name;
      this.in = in;
      ByteBuffer head = ByteBuffer.allocate(4);
      in.read(head, 0);
      order = head.get(0) == 'M' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
      big = head.order(order).getShort(2) == 43;
    }

    TiffPages pages(ReadLimits limits) throws IOException {
      List<Integer> frames = new ArrayList<>();
      Set<Long> seen = new HashSet<>();
      int pages = 0;
      int fields = 0;
      long at = offset(big ? 8 : 4);
      while (at != 0) {
        Directory page = seen.add(at) ? directory(at) : null;
        if (page == null) {
          return new TiffPages(frames, pages - frames.size(), true);
        }
        limits.checkFrame(name, pages);
        fields += page.fields;
        if (page.isFrame) {
          frames.add(pages);
        }
        pages++;
        if (fields > MOST_FIELDS) {
          throw new VideoException(name, "has pages of more than %d fields".formatted(MOST_FIELDS));
        }
        at = page.next;
      }
      return new TiffPages(frames, pages - frames.size(), false);
    }

    /** The directory at a place, or null where there is no whole one. */
    private @Nullable Directory directory(long at) throws IOException {
      ByteBuffer head = bytes(at, big ? 8 : 2);
      if (head == null) {
        return null;
      }
      long count = big ? head.getLong(0) : head.getShort(0) & 0xffff;
      int size = big ? 20 : 12;
      if (count < 1 || count > 0xffff) {
        return null;
      }
      ByteBuffer fields = bytes(at + head.limit(), (int) count * size);
      long next = at + head.limit() + count * size;
      if (fields == null || bytes(next, big ? 8 : 4) == null) {
        return null;
      }
      boolean isFrame = true;
      for (int i = 0; i < count; i++) {
        if ((fields.getShort(i * size) & 0xffff) == TAG_SUBFILE) {
          isFrame = (fields.getInt(i * size + (big ? 12 : 8)) & COPY_OR_MASK) == 0;
        }
      }
      return new Directory(offset(next), (int) count, isFrame);
    }

    /** The place that is written at a place; 0 where there is none. */
    private long offset(long at) throws IOException {
      ByteBuffer b = bytes(at, big ? 8 : 4);
      if (b == null) {
        return 0;
      }
      return big ? b.getLong(0) : b.getInt(0) & 0xffffffffL;
    }

    private @Nullable ByteBuffer bytes(long at, int count) throws IOException {
      if (at < 0 || at > in.size() - count) {
        return null;
      }
      ByteBuffer b = ByteBuffer.allocate(count).order(order);
      while (b.hasRemaining()) {
        if (in.read(b, at + b.position()) < 0) {
          return null;
        }
      }
      return b;
    }
  }
}
