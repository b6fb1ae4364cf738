package medsora.flow;

import engine.io.WholeFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/**
 * Optical flow in Middlebury's .flo format: the float 202021.25 (the letters PIEH), width and
 * height as 32-bit integers, then for each pixel, row by row, its horizontal and its vertical
 * displacement as floats; all little-endian.
 */
public final class FlowFile {
  private static final float MAGIC = 202021.25f;
  private static final int HEADER = 12;

  private FlowFile() {}

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
