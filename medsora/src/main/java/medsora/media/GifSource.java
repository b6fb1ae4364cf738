package medsora.media;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An animated gif (87a, 89a): each stored picture is drawn onto the canvas at its place, and
 * disposed of as the file says: kept, cleared to black, or the canvas before it restored.
 *
 * <p>Decoded here because the Java runtime's reader loses the last pixels of a picture (it takes
 * the end of the data for the end of the codes).
 */
final class GifSource implements FrameSource {
  private static final System.Logger LOG = System.getLogger("medsora.data");

  /** In all frames together: three hours at 512x512 and 24 a second. */
  private static final long MAX_PIXELS = 1L << 36;

  private static final int KEEP = 1;
  private static final int CLEAR = 2;
  private static final int RESTORE = 3;

  private final String name;
  private final ReadLimits limits;
  private final InputStream in;
  private final int width;
  private final int height;
  private final int[] globalColours;
  private final byte[] canvas;
  private byte @Nullable [] before;
  private @Nullable Patch last;
  private int position;
  private int disposal = KEEP;
  private int transparent = -1;

  /** A stored picture's place, and what becomes of it after it was shown. */
  private record Patch(int left, int top, int width, int height, int disposal) {}

  GifSource(Path file, ReadLimits limits) throws IOException {
    this.name = file.toString();
    this.limits = limits;
    limits.checkFile(name, Files.size(file));
    in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
    try {
      if (!new String(bytes(6), java.nio.charset.StandardCharsets.ISO_8859_1)
          .matches("GIF8[79]a")) {
        throw damaged("its head is not that of a gif");
      }
      width = word();
      height = word();
      int flags = octet();
      bytes(2);
      limits.checkSize(name, width, height);
      // The canvas, the one before it, a patch that may be as large, and the caller's copy.
      limits.checkMemory(name, 12L * width * height);
      globalColours = (flags & 0x80) != 0 ? colours(flags) : new int[0];
      canvas = new byte[width * height * 3];
    } catch (EOFException e) {
      in.close();
      throw damaged("cut off in its head");
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  private VideoException damaged(String how) {
    return new VideoException(name, "damaged gif at frame " + position + ": " + how);
  }

  private int octet() throws IOException {
    int v = in.read();
    if (v < 0) {
      throw new EOFException();
    }
    return v;
  }

  private int word() throws IOException {
    return octet() | octet() << 8;
  }

  private byte[] bytes(int n) throws IOException {
    byte[] b = in.readNBytes(n);
    if (b.length < n) {
      throw new EOFException();
    }
    return b;
  }

  /** A colour table whose size stands in the low three bits. */
  private int[] colours(int flags) throws IOException {
    int[] table = new int[2 << (flags & 7)];
    byte[] rgb = bytes(3 * table.length);
    for (int i = 0; i < table.length; i++) {
      table[i] = (rgb[3 * i] & 0xff) << 16 | (rgb[3 * i + 1] & 0xff) << 8 | (rgb[3 * i + 2] & 0xff);
    }
    return table;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int width() {
    return width;
  }

  @Override
  public int height() {
    return height;
  }

  @Override
  public boolean next(byte[] rgb) throws IOException {
    try {
      if (!findPicture()) {
        if (position == 0) {
          throw new VideoException(name, "holds no frames");
        }
        return false;
      }
      limits.checkFrame(name, position);
      if ((position + 1L) * width * height > MAX_PIXELS) {
        throw new VideoException(
            name,
            "is a bomb: more than %d pixels in %dx%d frames".formatted(MAX_PIXELS, width, height));
      }
      drawPicture();
    } catch (EOFException e) {
      throw damaged("the file is cut off");
    }
    position++;
    System.arraycopy(canvas, 0, rgb, 0, canvas.length);
    return true;
  }

  /** Reads up to the next picture's descriptor; false at the end of the file. */
  private boolean findPicture() throws IOException {
    while (true) {
      int block = in.read();
      switch (block) {
        case 0x2c -> {
          return true;
        }
        case 0x21 -> extension();
        case 0x3b -> {
          return false;
        }
        case 0 -> {
          // Some writers leave an empty block behind.
        }
        case -1 -> {
          LOG.log(System.Logger.Level.WARNING, "[video] {0}: gif without an end mark", name);
          return false;
        }
        default -> throw damaged("unknown block " + block);
      }
    }
  }

  private void extension() throws IOException {
    int label = octet();
    for (int size = octet(); size > 0; size = octet()) {
      byte[] data = bytes(size);
      if (label == 0xf9 && size == 4) {
        disposal = data[0] >> 2 & 7;
        transparent = (data[0] & 1) != 0 ? data[3] & 0xff : -1;
      }
    }
  }

  private void drawPicture() throws IOException {
    Patch patch = new Patch(word(), word(), word(), word(), disposal);
    limits.checkSize(name, patch.width, patch.height);
    int flags = octet();
    int[] table = (flags & 0x80) != 0 ? colours(flags) : globalColours;
    byte[] pixels = new GifCodes().decode(patch.width * patch.height);
    dispose();
    before = patch.disposal == RESTORE ? canvas.clone() : null;
    draw(pixels, patch, table, (flags & 0x40) != 0);
    last = patch;
    disposal = KEEP;
    transparent = -1;
  }

  private void dispose() {
    if (last == null) {
      return;
    }
    if (last.disposal == RESTORE) {
      System.arraycopy(before, 0, canvas, 0, canvas.length);
    } else if (last.disposal == CLEAR) {
      int right = Math.min(last.left + last.width, width);
      for (int y = last.top; y < Math.min(last.top + last.height, height); y++) {
        if (last.left < right) {
          Arrays.fill(canvas, (y * width + last.left) * 3, (y * width + right) * 3, (byte) 0);
        }
      }
    }
  }

  private void draw(byte[] pixels, Patch p, int[] table, boolean interlaced) throws IOException {
    for (int row = 0; row < p.height; row++) {
      int y = p.top + (interlaced ? interlacedRow(row, p.height) : row);
      for (int x = 0; y < height && x < p.width && p.left + x < width; x++) {
        int colour = pixels[row * p.width + x] & 0xff;
        if (colour == transparent) {
          continue;
        }
        if (colour >= table.length) {
          throw damaged("colour " + colour + " of a table of " + table.length);
        }
        int out = (y * width + p.left + x) * 3;
        canvas[out] = (byte) (table[colour] >> 16);
        canvas[out + 1] = (byte) (table[colour] >> 8);
        canvas[out + 2] = (byte) table[colour];
      }
    }
  }

  /** The place of the n-th stored row: every eighth from 0, from 4, every fourth, every second. */
  private static int interlacedRow(int n, int height) {
    int eighths = (height + 7) / 8;
    int fours = (height + 3) / 8;
    int twos = (height + 1) / 4;
    if (n < eighths) {
      return 8 * n;
    }
    if (n < eighths + fours) {
      return 8 * (n - eighths) + 4;
    }
    if (n < eighths + fours + twos) {
      return 4 * (n - eighths - fours) + 2;
    }
    return 2 * (n - eighths - fours - twos) + 1;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  /** Lempel, Ziv and Welch's code with growing width, in blocks of up to 255 bytes. */
  private final class GifCodes {
    private static final int MAX = 4096;
    private final short[] prefix = new short[MAX];
    private final byte[] suffix = new byte[MAX];
    private final byte[] stack = new byte[MAX + 1];
    private byte[] block = new byte[0];
    private int at;
    private boolean ended;
    private int bits;
    private int held;

    byte[] decode(int count) throws IOException {
      int minimum = octet();
      if (minimum < 1 || minimum > 8) {
        throw damaged("code size " + minimum);
      }
      byte[] out = new byte[count];
      int done = decode(out, minimum);
      if (done < count) {
        throw damaged("its picture ends after " + done + " of " + count + " pixels");
      }
      while (!ended) {
        nextBlock();
      }
      return out;
    }

    private int decode(byte[] out, int minimum) throws IOException {
      int clear = 1 << minimum;
      int size = minimum + 1;
      int next = clear + 2;
      int previous = -1;
      int first = 0;
      int done = 0;
      while (done < out.length) {
        int code = code(size);
        if (code < 0 || code == clear + 1) {
          return done;
        }
        if (code == clear) {
          size = minimum + 1;
          next = clear + 2;
          previous = -1;
          continue;
        }
        if (code > next || (code >= next && previous < 0) || (previous < 0 && code >= clear)) {
          throw damaged("impossible code " + code);
        }
        int depth = 0;
        int walk = code;
        if (code == next) {
          stack[depth++] = (byte) first;
          walk = previous;
        }
        while (walk >= clear) {
          stack[depth++] = suffix[walk];
          walk = prefix[walk];
        }
        first = walk;
        stack[depth++] = (byte) walk;
        while (depth > 0 && done < out.length) {
          out[done++] = stack[--depth];
        }
        if (previous >= 0 && next < MAX) {
          prefix[next] = (short) previous;
          suffix[next++] = (byte) first;
          if (next == 1 << size && size < 12) {
            size++;
          }
        }
        previous = code;
      }
      return done;
    }

    /** The next code, or -1 when the data ends. */
    private int code(int size) throws IOException {
      while (held < size) {
        if (at == block.length) {
          nextBlock();
          if (ended) {
            return -1;
          }
        }
        bits |= (block[at++] & 0xff) << held;
        held += 8;
      }
      int code = bits & ((1 << size) - 1);
      bits >>>= size;
      held -= size;
      return code;
    }

    private void nextBlock() throws IOException {
      int length = octet();
      ended = length == 0;
      block = bytes(length);
      at = 0;
    }
  }
}
