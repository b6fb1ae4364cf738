package engine.kernel.simd;

import static engine.kernel.simd.SimdSpecies.F;
import static engine.kernel.simd.SimdSpecies.L;

import jdk.incubator.vector.FloatVector;

/** The way of one tile of segment sums into the result. */
final class Tile {
  private static final int NR = SimdGemm.NR;

  private Tile() {}

  /**
   * Writes the first rows and columns of a tile to C at (i, j): C = tile for the first segment, C
   * += tile for later ones, then the bias after the last.
   */
  static void merge(
      float[] tile,
      SimdGemm.Product p,
      int i,
      int rows,
      int j,
      int columns,
      boolean first,
      boolean last) {
    int at = p.offset() + i * p.ldc() + j;
    for (int r = 0; r < rows; r++) {
      mergeRow(tile, r * NR, columns, p.c(), at + r * p.ldc(), first);
    }
    if (last && p.bias() != null) {
      float[] bias = p.bias().values();
      for (int r = 0; r < rows; r++) {
        if (p.bias().perRow()) {
          addValue(bias[i + r], columns, p.c(), at + r * p.ldc());
        } else {
          mergeRow(bias, j, columns, p.c(), at + r * p.ldc(), false);
        }
      }
    }
  }

  private static void mergeRow(
      float[] x, int from, int columns, float[] c, int at, boolean replace) {
    int j = 0;
    for (; j + L <= columns; j += L) {
      FloatVector v = FloatVector.fromArray(F, x, from + j);
      (replace ? v : FloatVector.fromArray(F, c, at + j).add(v)).intoArray(c, at + j);
    }
    for (; j < columns; j++) {
      c[at + j] = replace ? x[from + j] : c[at + j] + x[from + j];
    }
  }

  private static void addValue(float value, int columns, float[] c, int at) {
    for (int j = 0; j < columns; j++) {
      c[at + j] += value;
    }
  }
}
