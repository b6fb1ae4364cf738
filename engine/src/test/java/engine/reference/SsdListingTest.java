package engine.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Beside the recurrence, against which SsdScanTest holds it: two steps by hand, and its errors. */
class SsdListingTest {
  private static final double[][] X = {{1}, {2}};
  private static final double[] HALVES = {Math.log(0.5), Math.log(0.5)};
  private static final double[][] B = {{1}, {1}};
  private static final double[][] C = {{1}, {3}};
  private static final double[][] FOUR = {{4}};

  /** h_1 = 4 / 2 + 1 = 3, y_1 = 3; h_2 = 3 / 2 + 2 = 3.5, y_2 = 3 * 3.5. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void twoStepsByHand(int chunk) {
    SsdListing.Result result = new SsdListing(X, HALVES, B, C, FOUR, chunk).run();
    assertArrayEquals(new double[] {3}, result.y()[0], 1e-15);
    assertArrayEquals(new double[] {10.5}, result.y()[1], 1e-15);
    assertArrayEquals(new double[] {3.5}, result.finalState()[0], 1e-15);
  }

  @Test
  void refusesWhatDoesNotFit() {
    String chunk =
        assertThrows(IllegalArgumentException.class, () -> new SsdListing(X, HALVES, B, C, FOUR, 0))
            .getMessage();
    assertEquals("[ssdListing] a chunk has 1 step or more, got 0", chunk);
    double[][] oneRow = {{1}};
    String rows =
        assertThrows(
                IllegalArgumentException.class, () -> new SsdListing(X, HALVES, oneRow, C, FOUR, 1))
            .getMessage();
    assertEquals("[ssdListing] wants as many rows of a, b and c as of x: x=2 a=2 b=1 c=2", rows);
  }
}
