package medsora.metric.distance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.testing.Fixture;
import engine.testing.Fixtures;
import java.util.List;
import medsora.metric.distance.FrechetDistance.Form;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrechetDistanceTest {
  /** What the singular values of the centred samples reach, relative to the sum of the terms. */
  private static final double SAMPLES = 1e-12;

  private static final double COVARIANCES = 1e-6;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "full",
        "few",
        "one_deficient",
        "same_cov",
        "identical",
        "constant_feature",
        "constant_set",
        "scales",
        "one_dim",
        "two_samples"
      })
  void meetsTheReferenceInBothForms(String name) {
    Fixture file = Fixtures.load("metric_frechet");
    FeatureRows x = rows(file, name + ".x");
    FeatureRows y = rows(file, name + ".y");
    for (int ddof = 0; ddof <= 1; ddof++) {
      double wanted = file.doubles("out." + name + ".fd_ddof" + ddof + ".f64")[0];
      assertNear(wanted, FrechetDistance.of(x, y, ddof, Form.SAMPLES), SAMPLES);
      assertNear(wanted, FrechetDistance.of(x, y, ddof, Form.COVARIANCES), COVARIANCES);
      assertNear(wanted, FrechetDistance.of(x, y, ddof), COVARIANCES);
    }
  }

  private static void assertNear(double wanted, FrechetDistance got, double tolerance) {
    assertEquals(wanted, got.value(), tolerance * Math.max(got.scale(), 1e-300));
  }

  private static FeatureRows rows(Fixture file, String name) {
    float[] values = file.floats("in." + name);
    return FeatureRows.of(name, file.dims("in." + name)[1], values);
  }

  @Test
  void bothFormsMeetWhereCovariancesAreSingular() {
    FeatureRows x = RowsForTests.deficient(RowsForTests.of(5, 1, 60, 24));
    FeatureRows y = RowsForTests.deficient(RowsForTests.of(5, 2, 18, 24, 1.5, 0.2));
    FrechetDistance exact = FrechetDistance.of(x, y, 1, Form.SAMPLES);
    assertNear(exact.value(), FrechetDistance.of(x, y, 1, Form.COVARIANCES), COVARIANCES);
    assertNear(exact.value(), FrechetDistance.of(x, y, 1), COVARIANCES);
    assertNear(exact.value(), FrechetDistance.of(y, x, 1, Form.SAMPLES), SAMPLES);
  }

  /** C1 = a^2 C2 and m1 - m2 = b: |b|^2 + (a - 1)^2 tr C2. */
  @Test
  void scaledFeaturesHaveTheDistanceThatFollows() {
    FeatureRows y = RowsForTests.of(6, 1, 40, 7);
    FeatureRows x =
        FeatureRows.of(
            "x",
            java.util.stream.IntStream.range(0, 40)
                .mapToObj(i -> {
                  float[] row = y.row(i).clone();
                  for (int j = 0; j < row.length; j++) {
                    row[j] = 4 * row[j] + 8;
                  }
                  return row;
                })
                .toList());
    FrechetDistance got = FrechetDistance.of(x, y, 0);
    double[] mean = Moments.of(y).mean();
    double wanted = 9 * got.trace2();
    for (double m : mean) {
      wanted += (3 * m + 8) * (3 * m + 8);
    }
    assertEquals(wanted, got.value(), 1e-6 * got.scale());
  }

  @Test
  void whatIsNotANumberIsRefusedByItsPlace() {
    String said =
        assertThrows(
                IllegalArgumentException.class,
                () -> FeatureRows.of("real", List.of(new float[2], new float[] {1, Float.NaN})))
            .getMessage();
    assertTrue(said.startsWith("[features] real: feature 1 of sample 1 is NaN"), said);
  }

  @Test
  void refusesOtherDimensionsAndTooFewSamples() {
    FeatureRows x = RowsForTests.of(5, 1, 3, 4);
    assertThrows(
        IllegalArgumentException.class,
        () -> FrechetDistance.of(x, RowsForTests.of(5, 1, 3, 5), 0));
    assertThrows(IllegalArgumentException.class, () -> FrechetDistance.of(x, x.pick(0), 1));
    assertThrows(IllegalArgumentException.class, () -> FeatureRows.of("none", List.<float[]>of()));
  }
}
