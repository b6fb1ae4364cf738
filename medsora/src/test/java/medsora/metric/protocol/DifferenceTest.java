package medsora.metric.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import medsora.metric.distance.FeatureRows;
import medsora.metric.distance.FrechetDistance;
import medsora.metric.protocol.Assessment.Effort;
import org.junit.jupiter.api.Test;

class DifferenceTest {
  private static final Effort EFFORT = new Effort(200, 5);
  private static final SetDistance DISTANCE = (x, y) -> FrechetDistance.of(x, y, 0).value();
  private static final FeatureRows REAL = WorthTest.normal("real", 1, 60, 2, 0);

  private static PairedDifference between(FeatureRows first, FeatureRows second) {
    return PairedDifference.of(
        Samples.single(REAL), Samples.single(first), Samples.single(second), DISTANCE, EFFORT);
  }

  @Test
  void setsOfOneKindAreNotToldApart() {
    FeatureRows first = WorthTest.normal("first", 2, 50, 2, 0.5);
    PairedDifference found = between(first, WorthTest.normal("second", 3, 50, 2, 0.5));
    assertFalse(found.excludesZero(), found.toString());
    assertEquals(0, between(first, first).difference());
    assertFalse(between(first, first).excludesZero());
  }

  @Test
  void aFartherSetIsToldApartAndTheOtherWayRound() {
    FeatureRows near = WorthTest.normal("near", 2, 50, 2, 0.5);
    FeatureRows far = WorthTest.normal("far", 3, 50, 2, 2);
    PairedDifference found = between(near, far);
    assertEquals(DISTANCE.of(REAL, near), found.first());
    assertEquals(DISTANCE.of(REAL, far), found.second());
    assertTrue(found.high() < 0, found.toString());
    assertTrue(found.low() < found.difference() && found.difference() < found.high());
    assertTrue(between(far, near).low() > 0);
    assertEquals(found, between(near, far));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            PairedDifference.of(
                Samples.single(REAL),
                Samples.single(near),
                Samples.single(far),
                DISTANCE,
                new Effort(1, 5)));
  }

  /** Its width is the spread of the difference over new samples, within a third. */
  @Test
  void theIntervalIsAsWideAsNewSamplesSpread() {
    List<Double> differences = new ArrayList<>();
    for (int k = 0; k < 60; k++) {
      FeatureRows x = WorthTest.normal("x", 100 + k, 60, 2, 0);
      FeatureRows y = WorthTest.normal("y", 300 + k, 50, 2, 1.5);
      FeatureRows z = WorthTest.normal("z", 500 + k, 50, 2, 1);
      differences.add(DISTANCE.of(x, y) - DISTANCE.of(x, z));
    }
    double mean = differences.stream().mapToDouble(v -> v).average().orElseThrow();
    double deviation =
        Math.sqrt(differences.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum() / 59);
    PairedDifference found =
        between(WorthTest.normal("y", 2, 50, 2, 1.5), WorthTest.normal("z", 3, 50, 2, 1));
    assertEquals(1, (found.high() - found.low()) / (2 * 1.96 * deviation), 0.34);
  }

  /** Frames that are equal within a video say no more than the video: of whatever lengths. */
  @Test
  void videosAreDrawnWhole() {
    FeatureRows y = WorthTest.normal("y", 2, 30, 2, 1.5);
    FeatureRows z = WorthTest.normal("z", 3, 30, 2, 1);
    Samples real = WorthTest.videos(REAL, 4, 1);
    PairedDifference wide =
        PairedDifference.of(
            real, WorthTest.videos(y, 2, 5), WorthTest.videos(z, 3, 2), DISTANCE, EFFORT);
    PairedDifference narrow =
        PairedDifference.of(
            Samples.single(real.rows()),
            Samples.single(WorthTest.videos(y, 2, 5).rows()),
            Samples.single(WorthTest.videos(z, 3, 2).rows()),
            DISTANCE,
            EFFORT);
    assertEquals(narrow.difference(), wide.difference());
    assertTrue(
        wide.high() - wide.low() > 1.4 * (narrow.high() - narrow.low()), wide + " " + narrow);
  }

  /** Values 0..39: mean 19.5, its standard error sqrt((40^2 - 1) / 12 / 40) = 1.825. */
  @Test
  void theIntervalOfAMeanIsItsStandardError() {
    List<Double> values = IntStream.range(0, 40).mapToObj(i -> (double) i).toList();
    MeanInterval found = MeanInterval.of(values, 1);
    assertEquals(19.5, found.mean());
    assertEquals(1, (found.high() - found.low()) / (2 * 1.96 * 1.825), 0.1);
    assertTrue(found.excludesZero());
    assertFalse(MeanInterval.ofDifference(values, values, 1).excludesZero());
    assertEquals(2.5, MeanInterval.of(List.of(2.5), 1).high());
  }
}
