package tools.bench.growth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Exponents of known curves, and the sizes of sweeps. */
class FitTest {
  private static final double EXACT = 1e-12;

  @Test
  void findsThePowerOfACurve() {
    Fit fit =
        Fit.of(List.of(1.0, 2.0, 5.0), List.of(3.0, 3 * Math.pow(2, 1.5), 3 * Math.pow(5, 1.5)));
    assertEquals(1.5, fit.exponent(), EXACT);
    assertEquals(3, fit.factor(), EXACT);
    assertEquals(0, fit.residual(), EXACT);
    assertEquals(3 * Math.pow(7, 1.5), fit.at(7), 1e-9);
  }

  /** Three points of which the middle one lies off by e: the line stays, the rest is known. */
  @Test
  void saysHowFarPointsLieOff() {
    Fit fit = Fit.of(List.of(1.0, Math.E, Math.E * Math.E), List.of(1.0, Math.E, 1.0));
    assertEquals(0, fit.exponent(), EXACT);
    assertEquals(Math.sqrt(2.0 / 9), fit.residual(), EXACT);
    assertThrows(
        IllegalArgumentException.class, () -> Fit.of(List.of(2.0, 2.0), List.of(1.0, 2.0)));
  }

  @Test
  void findsWhatDoesNotGrow() {
    Line line = Line.of(List.of(1.0, 4.0, 9.0), List.of(7.0, 13.0, 23.0));
    assertEquals(5, line.constant(), 1e-9);
    assertEquals(2, line.slope(), 1e-9);
    assertEquals(0, line.residual(), 1e-9);
    // Of two values at one place the line runs where the relative errors are equal and opposite.
    Line between = Line.of(List.of(1.0, 1.0, 2.0), List.of(1.0, 3.0, 3.0));
    assertEquals(1.2, between.constant() + between.slope(), 1e-9);
  }

  @Test
  void aSweepIsRecomputedAsAWholeOrNotAtAll() {
    Sweep sweep = Sweep.frames(List.of(2, 4));
    long small = sweep.points().getFirst().counted();
    long large = sweep.points().getLast().counted();
    assertTrue(small < large);
    assertTrue(sweep.within(large).points().stream().noneMatch(Point::recompute));
    assertTrue(sweep.within(small).points().stream().allMatch(Point::recompute));
    assertFalse(sweep.points().getFirst().recompute());
  }

  /** 512 pixels are 32x32 tokens of a frame; work grows with them. */
  @Test
  void pixelsAreCountedInTokens() {
    Sweep sweep = Sweep.pixels(List.of(128, 512));
    Point large = sweep.points().getLast();
    assertEquals(1024, sweep.size(large));
    assertEquals(512, sweep.value(large));
    assertEquals(
        large.recomputed(true), Point.of(large.recomputed(true).words().toArray(String[]::new)));
    assertTrue(large.products() > 16 * 0.9 * sweep.points().getFirst().products());
  }
}
