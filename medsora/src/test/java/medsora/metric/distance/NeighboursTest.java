package medsora.metric.distance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
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

  /** Each real sample for a video of its own. */
  private static Copying copying(FeatureRows generated, @Nullable FeatureRows heldOut) {
    NearestSearch others = new NearestSearch(REAL);
    for (int j = 0; j < REAL.count(); j++) {
      int own = j;
      others.add(i -> i != own, REAL.row(j));
    }
    return Copying.of(
        nears(NearestSearch.of(generated, REAL), generated.count()),
        heldOut == null
            ? nears(others, REAL.count())
            : nears(NearestSearch.of(heldOut, REAL), heldOut.count()),
        heldOut == null);
  }

  private static List<Copying.Near> nears(NearestSearch search, int n) {
    return IntStream.range(0, n)
        .mapToObj(i -> new Copying.Near(search.nearest(i), 0, search.distance(i)))
        .toList();
  }

  /** What is passed over is farther: the same numbers and bits as without bounds. */
  @Test
  void theNearestOfManyBlocksIsTheNearestOfAll() {
    FeatureRows from = RowsForTests.of(92, 1, 20, 200);
    FeatureRows to = RowsForTests.of(92, 2, 97, 200);
    NearestSearch search = new NearestSearch(from);
    for (int first = 0; first < to.count(); first += 10) {
      int end = Math.min(first + 10, to.count());
      search.add(i -> true, IntStream.range(first, end).mapToObj(to::row).toArray(float[][]::new));
    }
    for (int i = 0; i < from.count(); i++) {
      int nearest = 0;
      for (int j = 1; j < to.count(); j++) {
        double better = Neighbours.square(from.row(i), to.row(nearest));
        nearest = Neighbours.square(from.row(i), to.row(j)) < better ? j : nearest;
      }
      assertEquals(nearest, search.nearest(i));
      assertEquals(Math.sqrt(Neighbours.square(from.row(i), to.row(nearest))), search.distance(i));
    }
    NearestSearch nobody = new NearestSearch(from);
    nobody.add(i -> i > 0, from.row(5), from.row(5));
    assertEquals(-1, nobody.nearest(0));
    assertEquals(0, nobody.nearest(1), "the first of two equal ones");
    assertEquals(0, nobody.distance(5));
    assertThrows(IllegalArgumentException.class, () -> nobody.add(i -> true, new float[3]));
  }

  @Test
  void copyingComparesWithTheOtherRealSamples() {
    Copying found = copying(GENERATED, null);
    assertTrue(found.leaveOneOut());
    assertEquals(0.3687406597568088, found.median(), 1e-12);
    assertEquals(0.40328962669421303, found.referenceMedian(), 1e-12);
    assertEquals(0, found.belowAll());
    assertEquals(1, found.belowFifth());
    Copying.Pair nearest = found.pairs().getFirst();
    assertEquals(5, nearest.generated());
    assertEquals(19, nearest.training().video());
    assertEquals(0.12288289254446096, nearest.distance(), 1e-12);
    assertEquals(30, found.pairs().size());
  }

  @Test
  void copyingComparesWithHeldOutSamples() {
    Copying found = copying(GENERATED, RowsForTests.of(91, 5, 11, 3));
    assertFalse(found.leaveOneOut());
    assertEquals(0.4266248458655524, found.referenceMedian(), 1e-12);
    assertEquals(1, found.belowAll());
    assertEquals(1, found.belowFifth());
  }

  @Test
  void aCopyIsNearerThanAnything() {
    Copying found = copying(REAL.pick(7, 7, 3), null);
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
