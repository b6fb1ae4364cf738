package medsora.metric.distance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Expected values: NumPy 2.4 in float64, the sums of Naeem et al.'s program for manifolds. */
class NeighboursTest {
  private static final FeatureRows REAL = RowsForTests.of(91, 3, 40, 3);
  private static final FeatureRows GENERATED = RowsForTests.of(91, 4, 30, 3, 0.8, 0.3);

  @Test
  void manifoldsAreThoseOfThePublicProgram() {
    assertNear(1, 0.6, 0.9555555555555556, 0.575, Manifolds.of(REAL, GENERATED, 3));
    assertNear(1, 0.875, 0.9066666666666667, 0.825, Manifolds.of(REAL, GENERATED, 5));
    assertThrows(
        IllegalArgumentException.class, () -> Manifolds.of(REAL, GENERATED.pick(0, 1, 2), 3));
  }

  private static void assertNear(
      double precision, double recall, double density, double coverage, Manifolds got) {
    assertEquals(precision, got.precision());
    assertEquals(recall, got.recall());
    assertEquals(density, got.density(), 1e-12);
    assertEquals(coverage, got.coverage());
  }

  @Test
  void copyingComparesWithTheOtherRealSamples() {
    Copying found = Copying.of(REAL, GENERATED, null);
    assertTrue(found.leaveOneOut());
    assertEquals(0.3687406597568088, found.median(), 1e-12);
    assertEquals(0.40328962669421303, found.referenceMedian(), 1e-12);
    assertEquals(0, found.belowAll());
    assertEquals(1, found.belowFifth());
    Copying.Pair nearest = found.pairs().getFirst();
    assertEquals(5, nearest.generated());
    assertEquals(19, nearest.training());
    assertEquals(0.12288289254446096, nearest.distance(), 1e-12);
    assertEquals(30, found.pairs().size());
  }

  @Test
  void copyingComparesWithHeldOutSamples() {
    Copying found = Copying.of(REAL, GENERATED, RowsForTests.of(91, 5, 11, 3));
    assertFalse(found.leaveOneOut());
    assertEquals(0.4266248458655524, found.referenceMedian(), 1e-12);
    assertEquals(1, found.belowAll());
    assertEquals(1, found.belowFifth());
  }

  @Test
  void aCopyIsNearerThanAnything() {
    Copying found = Copying.of(REAL, REAL.pick(7, 7, 3), null);
    assertEquals(3, found.belowAll());
    assertEquals(0, found.median());
  }

  @Test
  void frameConsistencyIsTheMeanOverPairsThenClips() {
    FeatureRows frames = RowsForTests.of(91, 6, 6, 4);
    FrameConsistency found = FrameConsistency.of(frames, 3);
    assertEquals(-19.06843537207558, found.value(), 1e-11);
    assertEquals(4, found.pairs());
    assertThrows(IllegalArgumentException.class, () -> FrameConsistency.of(frames, 4));
    assertEquals(100, FrameConsistency.of(frames.pick(2, 2, 2, 2), 2).value(), 1e-12);
  }
}
