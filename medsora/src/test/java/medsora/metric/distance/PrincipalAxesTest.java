package medsora.metric.distance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PrincipalAxesTest {
  private static final float[][] ROWS = {{1, 2, 0}, {3, 1, 4}, {0, 5, 2}, {6, 2, 1}, {2, 2, 2}};

  /** NumPy 2.4: u * s of numpy.linalg.svd of the centred rows, signs by the farthest sample. */
  private static final double[][] POINTS = {
    {-1.1908118797424971, -1.328574394725571},
    {1.3025124453095642, 2.3219494092638904},
    {-3.286770797126206, -0.0013876576757407323},
    {3.3414922202273054, -1.3615212095503155},
    {-0.16642198866816646, 0.3695338526877361}
  };

  private static final double[] SHARES = {0.6405790921458081, 0.23333816784267275};

  /** The same with more features than samples: zeros beside them change nothing. */
  private static FeatureRows rows(int zeros, int from, int to) {
    List<float[]> rows =
        Arrays.stream(ROWS, from, to).map(r -> Arrays.copyOf(r, r.length + zeros)).toList();
    return FeatureRows.of("rows " + from, rows);
  }

  @Test
  void bothFormsAreThoseOfNumPy() {
    for (int zeros : new int[] {0, 9}) {
      PrincipalAxes found = PrincipalAxes.of(rows(zeros, 0, 2), rows(zeros, 2, 5));
      assertArrayEquals(SHARES, found.shares(), 1e-12);
      for (int i = 0; i < ROWS.length; i++) {
        assertArrayEquals(POINTS[i], found.points().get(i), 1e-9, "zeros " + zeros);
      }
    }
  }

  /** Three axes of three features turn the samples and keep how far apart they are. */
  @Test
  void asManyAxesAsFeaturesKeepAllDistances() {
    for (int zeros : new int[] {0, 9}) {
      PrincipalAxes found = PrincipalAxes.of(3, rows(zeros, 0, 5));
      assertEquals(1 - SHARES[0] - SHARES[1], found.shares()[2], 1e-12);
      for (int i = 0; i < ROWS.length; i++) {
        assertArrayEquals(POINTS[i], Arrays.copyOf(found.points().get(i), 2), 1e-9);
        for (int j = 0; j < i; j++) {
          double squares = 0;
          double wanted = 0;
          for (int k = 0; k < 3; k++) {
            double way = found.points().get(i)[k] - found.points().get(j)[k];
            squares += way * way;
            wanted += (ROWS[i][k] - ROWS[j][k]) * (ROWS[i][k] - ROWS[j][k]);
          }
          assertEquals(wanted, squares, 1e-9, "zeros " + zeros);
        }
      }
    }
  }

  @Test
  void equalSamplesLieOnOnePoint() {
    FeatureRows one = FeatureRows.of("equal", List.of(new float[] {3}, new float[] {3}));
    PrincipalAxes found = PrincipalAxes.of(one);
    assertArrayEquals(new double[] {0, 0}, found.points().getFirst());
    assertEquals(0, found.shares()[0]);
  }

  @Test
  void featuresOfTwoNetworksHaveNoCommonMap() {
    assertThrows(
        IllegalArgumentException.class, () -> PrincipalAxes.of(rows(0, 0, 2), rows(1, 2, 5)));
  }
}
