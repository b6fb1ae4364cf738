package medsora.data;

import java.util.List;

/**
 * From decoded frames to what the networks read: divide by 255, optionally mirror the whole clip,
 * resize the short edge to {@code size} (bilinear, no antialiasing), cut out the centre square, and
 * scale to [-1,1] by {@code (v - 0.5) / 0.5}.
 *
 * <p>The resize follows PyTorch's {@code interpolate(scale_factor=size/min(h,w), mode="bilinear",
 * align_corners=False)}: source coordinates are {@code (i + 0.5) * min(h,w)/size - 0.5}, clamped at
 * 0, and edges become {@code floor(edge * factor)}. Rounding can make that one pixel too few for
 * the short edge (127 for 128); here the short edge is always exactly {@code size}. The crop's
 * offset is {@code (edge - size)/2}, half rounded to even.
 *
 * @param size edge of the square result
 * @param flip mirror left and right, before the resize
 */
public record VideoTransform(int size, boolean flip) {
  /** Order of the axes of a transformed clip. */
  public enum Layout {
    /** [T,3,S,S]. */
    FRAMES_FIRST,
    /** [3,T,S,S]. */
    CHANNELS_FIRST
  }

  public VideoTransform {
    if (size < 1) {
      throw new IllegalArgumentException("[transform] size " + size + " is not positive");
    }
  }

  /**
   * Transforms a whole clip.
   *
   * @param frames each [height, width, 3] bytes
   * @return floats in [-1,1], 3 * T * size * size of them
   */
  public float[] apply(List<byte[]> frames, int height, int width, Layout layout) {
    int plane = size * size;
    int count = frames.size();
    float[] out = new float[count * 3 * plane];
    Resampling grid = new Resampling(height, width);
    int channelStep = layout == Layout.FRAMES_FIRST ? plane : count * plane;
    int frameStep = layout == Layout.FRAMES_FIRST ? 3 * plane : plane;
    for (int t = 0; t < count; t++) {
      byte[] frame = frames.get(t);
      for (int i = 0; i < plane; i++) {
        for (int c = 0; c < 3; c++) {
          double v = grid.sample(frame, i / size, i % size, c) / 255;
          out[t * frameStep + c * channelStep + i] = (float) ((v - 0.5) / 0.5);
        }
      }
    }
    return out;
  }

  /** The same geometry, rounded back to bytes [size, size, 3]. */
  public byte[] resize(byte[] frame, int height, int width) {
    if (height == size && width == size && !flip) {
      return frame.clone();
    }
    Resampling grid = new Resampling(height, width);
    byte[] out = new byte[size * size * 3];
    for (int i = 0; i < size * size; i++) {
      for (int c = 0; c < 3; c++) {
        out[i * 3 + c] = (byte) Math.rint(grid.sample(frame, i / size, i % size, c));
      }
    }
    return out;
  }

  /**
   * One byte frame [size, size, 3] of the final size as floats in [-1,1], into planes.
   *
   * @param out receives channel c at {@code offset + c * channelStep + y * size + x}
   */
  public void normalise(byte[] frame, float[] out, int offset, int channelStep) {
    for (int y = 0; y < size; y++) {
      for (int x = 0; x < size; x++) {
        int in = (y * size + (flip ? size - 1 - x : x)) * 3;
        int at = offset + y * size + x;
        for (int c = 0; c < 3; c++) {
          out[at + c * channelStep] = NORMALISED[frame[in + c] & 0xff];
        }
      }
    }
  }

  private static final float[] NORMALISED = normalised();

  private static float[] normalised() {
    float[] table = new float[256];
    for (int i = 0; i < 256; i++) {
      table[i] = (float) ((i / 255.0 - 0.5) / 0.5);
    }
    return table;
  }

  /**
   * A generated value in [-1,1] as a byte: {@code (x * 0.5 + 0.5) * 255}, plus 0.5, clamped to
   * 0..255 and cut off. Not-a-number becomes 0.
   */
  public static byte toByte(float x) {
    float v = (x * 0.5f + 0.5f) * 255f + 0.5f;
    return (byte) (int) (v < 0 ? 0 : v > 255 ? 255 : v);
  }

  /**
   * Planes of one frame of a generated clip as bytes [height, width, 3].
   *
   * @param planes channel c of the frame starts at {@code offset + c * channelStep}
   */
  public static byte[] toBytes(float[] planes, int offset, int channelStep, int height, int width) {
    byte[] out = new byte[height * width * 3];
    for (int i = 0; i < height * width; i++) {
      for (int c = 0; c < 3; c++) {
        out[i * 3 + c] = toByte(planes[offset + c * channelStep + i]);
      }
    }
    return out;
  }

  /** For each output row and column the two source samples and the weight of the second. */
  private final class Resampling {
    private final int width;
    private final int[] row0 = new int[size];
    private final int[] row1 = new int[size];
    private final double[] rowWeight = new double[size];
    private final int[] column0 = new int[size];
    private final int[] column1 = new int[size];
    private final double[] columnWeight = new double[size];

    Resampling(int height, int width) {
      if (height < 1 || width < 1) {
        throw new IllegalArgumentException("[transform] frame size " + width + "x" + height);
      }
      this.width = width;
      int shorter = Math.min(height, width);
      axis(height, shorter, row0, row1, rowWeight);
      axis(width, shorter, column0, column1, columnWeight);
      if (flip) {
        mirror(column0);
        mirror(column1);
      }
    }

    private void mirror(int[] columns) {
      for (int i = 0; i < columns.length; i++) {
        columns[i] = width - 1 - columns[i];
      }
    }

    private void axis(int edge, int shorter, int[] first, int[] second, double[] weight) {
      double factor = (double) size / shorter;
      int resized = edge == shorter ? size : Math.max(size, (int) Math.floor(edge * factor));
      int offset = (int) Math.rint((resized - size) / 2.0);
      for (int i = 0; i < size; i++) {
        double source = Math.max(0, (i + offset + 0.5) * (1 / factor) - 0.5);
        first[i] = Math.min((int) source, edge - 1);
        second[i] = Math.min(first[i] + 1, edge - 1);
        weight[i] = source - first[i];
      }
    }

    double sample(byte[] frame, int y, int x, int c) {
      int a = row0[y] * width * 3 + c;
      int b = row1[y] * width * 3 + c;
      int left = column0[x] * 3;
      int right = column1[x] * 3;
      double wx = columnWeight[x];
      double top = (frame[a + left] & 0xff) * (1 - wx) + (frame[a + right] & 0xff) * wx;
      double bottom = (frame[b + left] & 0xff) * (1 - wx) + (frame[b + right] & 0xff) * wx;
      return top * (1 - rowWeight[y]) + bottom * rowWeight[y];
    }
  }
}
