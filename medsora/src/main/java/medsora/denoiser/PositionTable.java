package medsora.denoiser;

import engine.tensor.Shape;
import engine.tensor.Tensor;

/**
 * Fixed sine-cosine position tables. Where n channels encode a position p they are [sin(p w_k),
 * cos(p w_k)] with w_k = 10000^(-k / (n/2)). Computed in double, rounded once (N14).
 */
public final class PositionTable {
  private PositionTable() {}

  /**
   * Places of a grid, [1, grid^2, D]: the first half of the channels encodes the column, the second
   * the row.
   *
   * @param width D, a multiple of 4
   */
  public static Tensor of(int grid, int width) {
    int quarter = width / 4;
    float[] table = new float[grid * grid * width];
    for (int row = 0; row < grid; row++) {
      for (int column = 0; column < grid; column++) {
        int at = ((row * grid) + column) * width;
        encode(table, at, column, quarter);
        encode(table, at + (2 * quarter), row, quarter);
      }
    }
    return Tensor.of(Shape.of(1, grid * grid, width), table);
  }

  /**
   * Places of a line, such as frames of a video: [1, length, D].
   *
   * @param width D, a multiple of 2
   */
  public static Tensor line(int length, int width) {
    float[] table = new float[length * width];
    for (int i = 0; i < length; i++) {
      encode(table, i * width, i, width / 2);
    }
    return Tensor.of(Shape.of(1, length, width), table);
  }

  private static void encode(float[] table, int at, int position, int half) {
    for (int k = 0; k < half; k++) {
      double angle = position * StrictMath.pow(10000, -(double) k / half);
      table[at + k] = (float) StrictMath.sin(angle);
      table[at + half + k] = (float) StrictMath.cos(angle);
    }
  }
}
