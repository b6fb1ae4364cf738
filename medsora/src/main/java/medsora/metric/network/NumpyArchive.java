package medsora.metric.network;

import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * The one array of a file of {@code numpy.savez}: a zip file of {@code NAME.npy} (NumPy's format
 * 1.0 to 3.0), little-endian float32 or float64 in the order of C.
 */
final class NumpyArchive {
  /** More is no mean of clips; what a zip file promises is not believed. */
  private static final int MOST = 64 << 20;

  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int VERSION_AT = MAGIC.length;
  private static final int LENGTH_AT = MAGIC.length + 2;
  private static final Pattern HEADER =
      Pattern.compile(
          "\\{\\s*'descr':\\s*'(<f[48])',\\s*'fortran_order':\\s*False,"
              + "\\s*'shape':\\s*\\(([0-9, ]*)\\),?\\s*}\\s*");

  private NumpyArchive() {}

  /** Whether a file is a zip file that holds an array. */
  static boolean is(Path path) {
    try (ZipFile zip = new ZipFile(path.toFile())) {
      return !arrays(zip).isEmpty();
    } catch (IOException e) {
      // No zip file: what it is instead is said by who reads it.
      return false;
    }
  }

  private static List<? extends ZipEntry> arrays(ZipFile zip) {
    return zip.stream().filter(entry -> entry.getName().endsWith(".npy")).toList();
  }

  /**
   * The array.
   *
   * @throws IOException where there are several, or naming what is not as the format says
   */
  static Tensor only(Path path) throws IOException {
    try (ZipFile zip = new ZipFile(path.toFile())) {
      List<? extends ZipEntry> arrays = arrays(zip);
      if (arrays.size() != 1) {
        throw new IOException(
            "[npz] %s holds %d arrays; one is wanted".formatted(path, arrays.size()));
      }
      try (InputStream in = zip.getInputStream(arrays.getFirst())) {
        return array(path, in.readNBytes(MOST + 1));
      }
    } catch (ZipException e) {
      throw new IOException("[npz] %s is damaged: %s".formatted(path, e.getMessage()), e);
    }
  }

  private static Tensor array(Path path, byte[] bytes) throws IOException {
    require(bytes.length <= MOST, path, "more than 64 MB");
    boolean magic =
        bytes.length > LENGTH_AT + Integer.BYTES
            && Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
    require(magic, path, "no NumPy array");
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    boolean first = bytes[VERSION_AT] == 1;
    long length = first ? in.getShort(LENGTH_AT) & 0xFFFF : in.getInt(LENGTH_AT) & 0xFFFFFFFFL;
    int begin = LENGTH_AT + (first ? Short.BYTES : Integer.BYTES);
    require(length <= bytes.length - begin, path, "a header that ends outside");
    int end = begin + (int) length;
    String header = new String(bytes, begin, end - begin, StandardCharsets.UTF_8);
    Matcher m = HEADER.matcher(header);
    require(
        m.matches(), path, "an array that is not float32 or float64, little-endian, in C order");
    boolean wide = m.group(1).equals("<f8");
    int[] dims = extents(path, m.group(2));
    long count = 1;
    for (int d : dims) {
      count *= d;
      require(count <= MOST, path, "an array of more than 64 MB");
    }
    require(
        count * (wide ? Double.BYTES : Float.BYTES) == bytes.length - end,
        path,
        "%s of %d bytes".formatted(Arrays.toString(dims), bytes.length - end));
    float[] values = new float[(int) count];
    in.position(end);
    for (int i = 0; i < values.length; i++) {
      values[i] = wide ? (float) in.getDouble() : in.getFloat();
    }
    return Tensor.of(Shape.of(dims), values);
  }

  private static int[] extents(Path path, String text) throws IOException {
    try {
      return Arrays.stream(text.split(","))
          .map(String::strip)
          .filter(word -> !word.isEmpty())
          .mapToInt(Integer::parseInt)
          .toArray();
    } catch (NumberFormatException e) {
      throw new IOException("[npz] %s: extents (%s)".formatted(path, text), e);
    }
  }

  private static void require(boolean condition, Path path, String what) throws IOException {
    if (!condition) {
      throw new IOException(
          "[npz] %s holds %s: write it with numpy.savez, or as safetensors".formatted(path, what));
    }
  }
}
