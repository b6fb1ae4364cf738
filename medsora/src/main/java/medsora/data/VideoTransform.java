package medsora.data;

import java.util.List;
import medsora.media.Clip;

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
  public VideoTransform {
    if (size < 1) {
      throw new IllegalArgumentException("[transform] size " + size + " is not positive");
    }
  }

  /**
   * Transforms a whole clip, without a rounding to bytes on the way.
   *
   * @return of {@code size} x {@code size} values in [-1,1]
   */
  public Clip apply(Clip clip) {
    int plane = size * size;
    int count = clip.length();
    List<byte[]> frames = clip.frames();
    float[] out = new float[3 * count * plane];
    Resampling grid = new Resampling(clip.height(), clip.width());
    for (int t = 0; t < count; t++) {
      byte[] frame = frames.get(t);
      for (int i = 0; i < plane; i++) {
        for (int c = 0; c < 3; c++) {
          double v = grid.sample(frame, i / size, i % size, c) / 255;
          out[(c * count + t) * plane + i] = (float) ((v - 0.5) / 0.5);
        }
      }
    }
    return Clip.of(clip.source(), count, size, size, out);
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
