package engine.kernel.simd;

import engine.kernel.Workers;
import engine.testing.Bits;
import engine.testing.SplitMix;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the ops do not reach with small shapes: block edges, bias by row, C inside a wider matrix.
 */
class SimdGemmTest {
  /** In turn: one block, several groups of segments, several blocks of rows, split rows. */
  @ParameterizedTest
  @CsvSource({
    "5, 7, 3, 1",
    "5, 7, 0, 3",
    "1100, 40, 600, 3",
    "4200, 3, 515, 2",
    "700, 16, 130, 16",
    "13, 1000, 520, 3"
  })
  void equalsThePlainSum(int m, int n, int k, int threads) {
    float[] a = values(m * k, 1);
    float[] b = values(k * n, 2);
    for (boolean perRow : new boolean[] {false, true}) {
      float[] bias = values(perRow ? m : n, 3);
      int ldc = n + 3;
      float[] expected = new float[5 + m * ldc];
      plain(m, n, k, a, b, bias, perRow, expected, 5, ldc);
      float[] got = new float[expected.length];
      SimdGemm.run(
          new Workers(threads),
          new SimdGemm.Product(
              m,
              n,
              k,
              MatrixPacker.of(a, 0, m, k, true, SimdGemm.MR),
              MatrixPacker.of(b, 0, n, k, false, SimdGemm.NR),
              new SimdGemm.Bias(bias, perRow),
              got,
              5,
              ldc));
      Bits.assertEqual(expected, got, "%d x %d x %d, bias by row: %s".formatted(m, n, k, perRow));
    }
  }

  private static void plain(
      int m,
      int n,
      int k,
      float[] a,
      float[] b,
      float[] bias,
      boolean perRow,
      float[] c,
      int offset,
      int ldc) {
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        float sum = 0f;
        for (int from = 0; from < k; from += 512) {
          float segment = 0f;
          for (int p = from; p < Math.min(k, from + 512); p++) {
            segment = Math.fma(a[i * k + p], b[p * n + j], segment);
          }
          sum = from == 0 ? segment : sum + segment;
        }
        c[offset + i * ldc + j] = sum + bias[perRow ? i : j];
      }
    }
  }

  private static float[] values(int n, long seed) {
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = (float) (2 * SplitMix.unit(seed, i) - 1);
    }
    return x;
  }
}
