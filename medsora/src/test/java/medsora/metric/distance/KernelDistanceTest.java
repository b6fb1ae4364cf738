package medsora.metric.distance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** Expected values: NumPy 2.4 in float64, from the sums that the class comment writes down. */
class KernelDistanceTest {
  private static final FeatureRows X = RowsForTests.of(91, 1, 12, 5);
  private static final FeatureRows Y = RowsForTests.of(91, 2, 9, 5, 1.2, 0.3);

  @Test
  void isTheUnbiasedDiscrepancy() {
    assertEquals(0.14580786461024786, KernelDistance.full(X, Y).value(), 1e-13);
    assertEquals(0.14580786461024786, KernelDistance.full(Y, X).value(), 1e-13);
  }

  @Test
  void subsetsAreThoseOfTorchFidelity() {
    KernelDistance got = KernelDistance.torchFidelity(X, Y, 7, 6);
    assertEquals(0.06555406036123301, got.value(), 1e-13);
    assertEquals(0.28471130078640366, got.deviation(), 1e-13);
  }

  @Test
  void ownSubsetsComeOfTheSeedAlone() {
    KernelDistance got = KernelDistance.cleanFid(X, Y, 5, 3);
    assertEquals(got, KernelDistance.cleanFid(X, Y, 5, 3));
    assertEquals(9, got.size());
    // All nine of the second set are in every subset.
    KernelDistance whole = KernelDistance.cleanFid(Y, Y, 2, 1);
    assertEquals(0, whole.deviation(), 1e-12);
    assertEquals(KernelDistance.full(Y, Y).value(), whole.value(), 1e-12);
  }

  @Test
  void wantsEnoughSamples() {
    assertThrows(IllegalArgumentException.class, () -> KernelDistance.full(X, Y.pick(0)));
    assertThrows(IllegalArgumentException.class, () -> KernelDistance.torchFidelity(X, Y, 1, 10));
  }
}
