package medsora.denoiser;

import engine.tensor.Shape;
import engine.tensor.Tensor;

/**
 * The fixed two-dimensional sine-cosine position table [1, grid^2, D]: the first half of the
 * channels encodes the column, the second the row; each half is [sin(p w_k), cos(p w_k)] with w_k =
 * 10000^(-k / (D/4)). Computed in double, rounded once (N14).
 */
final class PositionTable {
  private PositionTable() {}

  static Tensor of(int grid, int width) {
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

  private static void encode(float[] table, int at, int position, int quarter) {
    for (int k = 0; k < quarter; k++) {
      double angle = position * StrictMath.pow(10000, -(double) k / quarter);
      table[at + k] = (float) StrictMath.sin(angle);
      table[at + quarter + k] = (float) StrictMath.cos(angle);
    }
  }
}
