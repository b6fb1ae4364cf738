package engine.kernel.scalar;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.testing.ChildMachine;
import engine.testing.SplitMix;
import java.util.Arrays;
import java.util.Map;
import org.jtransforms.fft.DoubleFFT_1D;
import org.jtransforms.utils.CommonUtils;
import org.junit.jupiter.api.Test;

class FourierTransformTest {
  private static final int LONGEST = 600;

  /** What {@link #hash} gives on every processor: docs/processors.md has those that were asked. */
  private static final long EXPECTED = 0xCF63BE172F283EBAL;

  @Test
  void everyLengthIsTheSumOfTheDefinition() {
    for (int n = 1; n <= LONGEST; n++) {
      double[] x = noise(n);
      double[] forward = x.clone();
      new FourierTransform(n).forward(forward, 0);
      assertArrayEquals(sum(x, -1), forward, 2e-13 * Math.sqrt(n), "forward " + n);
      double[] inverse = x.clone();
      new FourierTransform(n).inverse(inverse, 0);
      assertArrayEquals(sum(x, 1), inverse, 2e-13 * Math.sqrt(n), "inverse " + n);
    }
  }

  @Test
  void theBitsOfEveryLengthAreFixed() {
    assertEquals(Long.toHexString(EXPECTED), Long.toHexString(hash()));
  }

  @Test
  void aPlaceInTheMiddleIsTransformedAlone() {
    for (int n : new int[] {16, 14}) {
      double[] x = noise(3 * n);
      double[] row = Arrays.copyOfRange(x, 2 * n, 4 * n);
      double[] expected = x.clone();
      new FourierTransform(n).forward(row, 0);
      System.arraycopy(row, 0, expected, 2 * n, 2 * n);
      new FourierTransform(n).forward(x, 2 * n);
      assertArrayEquals(expected, x);
    }
  }

  /** Math's sine and cosine are StrictMath's where the machine brings none of its own. */
  @Test
  void theLibrarysOwnPlansHaveTheseBitsWithStrictSines() throws Exception {
    String said =
        new ChildMachine(
                Map.of(), "-XX:+UnlockDiagnosticVMOptions", "-XX:DisableIntrinsic=_dsin,_dcos")
            .run(Library.class);
    assertTrue(said.contains("compared 16 tables and 137 lengths"), said);
  }

  /** Compares tables and transforms with the library's, where it has them. */
  static final class Library {
    public static void main(String[] args) {
      int tables = 0;
      for (int n = 2; n <= 1 << 16; n *= 2) {
        double[] waves = new double[n];
        CommonUtils.makewt(n / 2, new int[4 + n], waves);
        assertArrayEquals(Arrays.copyOf(waves, n / 2), FourierTables.of(n).waves(), "table " + n);
        tables++;
      }
      int lengths = 0;
      for (int n = 2; n <= LONGEST; n++) {
        if (Integer.bitCount(n) == 1 || CommonUtils.getReminder(n, new int[] {4, 2, 3, 5}) >= 211) {
          compare(n);
          lengths++;
        }
      }
      System.out.println("compared " + tables + " tables and " + lengths + " lengths");
    }

    private static void compare(int n) {
      double[] ours = noise(n);
      double[] theirs = ours.clone();
      new FourierTransform(n).forward(ours, 0);
      new DoubleFFT_1D(n).complexForward(theirs);
      assertArrayEquals(theirs, ours, "forward " + n);
      new FourierTransform(n).inverse(ours, 0);
      new DoubleFFT_1D(n).complexInverse(theirs, false);
      assertArrayEquals(theirs, ours, "inverse " + n);
    }
  }

  /** FNV-1a over the bits of both transforms of fixed noise, of every length. */
  private static long hash() {
    long hash = 0xCBF29CE484222325L;
    for (int n = 1; n <= LONGEST; n++) {
      double[] x = noise(n);
      FourierTransform transform = new FourierTransform(n);
      transform.forward(x, 0);
      for (double value : x) {
        hash = (hash ^ Double.doubleToRawLongBits(value)) * 0x100000001B3L;
      }
      transform.inverse(x, 0);
      for (double value : x) {
        hash = (hash ^ Double.doubleToRawLongBits(value)) * 0x100000001B3L;
      }
    }
    return hash;
  }

  private static double[] noise(int n) {
    double[] x = new double[2 * n];
    for (int i = 0; i < x.length; i++) {
      x[i] = SplitMix.unit(n, i) - 0.5;
    }
    return x;
  }

  private static double[] sum(double[] x, int sign) {
    int n = x.length / 2;
    double[] wave = new double[x.length];
    for (int i = 0; i < n; i++) {
      wave[2 * i] = StrictMath.cos(2 * Math.PI * i / n);
      wave[2 * i + 1] = sign * StrictMath.sin(2 * Math.PI * i / n);
    }
    double[] y = new double[x.length];
    for (int j = 0; j < n; j++) {
      int turn = 0;
      for (int k = 0; k < n; k++) {
        y[2 * j] += x[2 * k] * wave[2 * turn] - x[2 * k + 1] * wave[2 * turn + 1];
        y[2 * j + 1] += x[2 * k] * wave[2 * turn + 1] + x[2 * k + 1] * wave[2 * turn];
        turn += j;
        turn -= turn >= n ? n : 0;
      }
    }
    return y;
  }
}
