package medsora.media.dicom;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.ZipException;
import medsora.media.VideoException;

/** The bytes of a file in order, counted, so that every fault has its place. */
final class DicomInput implements Closeable {
  private final String file;
  private final BufferedInputStream in;
  private final String place;
  private boolean bigEndian;
  private long position;

  /**
   * Begins at a stream's first byte.
   *
   * @param place what positions count in, such as "byte" or "byte of the inflated data set"
   */
  DicomInput(String file, InputStream in, String place) {
    this.file = file;
    this.in = new BufferedInputStream(new Inflating(in), 1 << 16);
    this.place = place;
  }

  /** What an inflater throws is a fault of the file. */
  private final class Inflating extends FilterInputStream {
    Inflating(InputStream in) {
      super(in);
    }

    @Override
    public int read(byte[] b, int off, int len) throws IOException {
      try {
        return super.read(b, off, len);
      } catch (ZipException | EOFException e) {
        throw fault("cannot be inflated");
      }
    }
  }

  void bigEndian(boolean big) {
    bigEndian = big;
  }

  /** Bytes read so far. */
  long position() {
    return position;
  }

  /** The stream from here on, for one who reads all the rest of it. */
  InputStream rest() {
    return in;
  }

  /** The next bytes, fewer at the end, without reading them. */
  byte[] peek(int count) throws IOException {
    in.mark(count);
    byte[] ahead = in.readNBytes(count);
    in.reset();
    return ahead;
  }

  byte[] bytes(int count) throws IOException {
    byte[] out = in.readNBytes(count);
    position += out.length;
    if (out.length < count) {
      throw truncated(count, out.length);
    }
    return out;
  }

  /** Fills the first bytes of an array, fewer of them at the end. */
  int some(byte[] out, int count) throws IOException {
    int got = in.readNBytes(out, 0, count);
    position += got;
    return got;
  }

  /** Fills the first bytes of an array. */
  void fill(byte[] out, int count) throws IOException {
    int got = some(out, count);
    if (got < count) {
      throw truncated(count, got);
    }
  }

  int u16() throws IOException {
    byte[] b = bytes(2);
    return bigEndian ? (b[0] & 0xff) << 8 | (b[1] & 0xff) : (b[1] & 0xff) << 8 | (b[0] & 0xff);
  }

  long u32() throws IOException {
    long first = u16();
    long second = u16();
    return bigEndian ? first << 16 | second : second << 16 | first;
  }

  int tag() throws IOException {
    int group = u16();
    return group << 16 | u16();
  }

  void skip(long count) throws IOException {
    long left = count;
    while (left > 0) {
      long skipped = in.skip(left);
      if (skipped == 0) {
        if (in.read() < 0) {
          throw truncated(count, count - left);
        }
        skipped = 1;
      }
      left -= skipped;
      position += skipped;
    }
  }

  private VideoException truncated(long wanted, long got) {
    return fault("ends early: %d bytes wanted, %d there".formatted(wanted, got));
  }

  /** A fault at this place. */
  VideoException fault(String what) {
    return new VideoException(file, "damaged DICOM at " + place + " " + position + ": " + what);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
