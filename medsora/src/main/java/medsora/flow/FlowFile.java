package medsora.flow;

import engine.io.WholeFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * Optical flow in Middlebury's .flo format: the float 202021.25 (the letters PIEH), width and
 * height as 32-bit integers, then for each pixel, row by row, its horizontal and its vertical
 * displacement as floats; all little-endian.
 */
public final class FlowFile {
  private static final float MAGIC = 202021.25f;
  private static final int HEADER = 12;
  private static final int MAX_SIDE = 1 << 16;
  private static final long MAX_BYTES = 1 << 30;

  private FlowFile() {}

  /**
   * A flow of a file.
   *
   * @param uv [2, height, width]: horizontal, then vertical displacement in pixels
   */
  public record Flow(float[] uv, int height, int width) {}

  /**
   * Reads a flow.
   *
   * @throws IOException if the file is no flow, or its size is not that of its header
   */
  public static Flow read(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      long size = channel.size();
      ByteBuffer head = read(channel, (int) Math.min(HEADER, size));
      if (size < HEADER || head.getFloat() != MAGIC) {
        throw new IOException("[flow] " + file + ": no .flo file, it does not begin with PIEH");
      }
      int width = head.getInt();
      int height = head.getInt();
      boolean possible = width > 0 && height > 0 && width <= MAX_SIDE && height <= MAX_SIDE;
      if (!possible || size != HEADER + 8L * width * height || size > MAX_BYTES) {
        throw new IOException(
            "[flow] %s: its header says %dx%d, which does not go with its %d bytes"
                .formatted(file, width, height, size));
      }
      FloatBuffer in = read(channel, (int) (size - HEADER)).asFloatBuffer();
      int pixels = width * height;
      float[] uv = new float[2 * pixels];
      for (int i = 0; i < pixels; i++) {
        uv[i] = in.get();
        uv[pixels + i] = in.get();
      }
      return new Flow(uv, height, width);
    }
  }

  private static ByteBuffer read(FileChannel channel, int bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
      // The next part.
    }
    return buffer.flip();
  }

  /**
   * Writes a flow.
   *
   * @param uv [2, height, width]: horizontal, then vertical displacement in pixels
   */
  public static void write(Path file, float[] uv, int height, int width) throws IOException {
    int pixels = height * width;
    if (uv.length != 2 * pixels) {
      throw new IllegalArgumentException(
          "[flow] %dx%d wants %d values, got %d".formatted(width, height, 2 * pixels, uv.length));
    }
    ByteBuffer out = ByteBuffer.allocate(HEADER + (8 * pixels)).order(ByteOrder.LITTLE_ENDIAN);
    out.putFloat(MAGIC).putInt(width).putInt(height);
    for (int i = 0; i < pixels; i++) {
      out.putFloat(uv[i]).putFloat(uv[pixels + i]);
    }
    WholeFile.write(file, out.array());
  }
}
