package tools.accuracy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ExactTest {
  /** The Maclaurin series; its alternating terms grow, so it serves for small arguments. */
  private static double series(double x) {
    double term = x;
    double sum = x;
    for (int n = 1; n < 60; n++) {
      term *= -x * x / n;
      sum += term / (2 * n + 1);
    }
    return 2 / Math.sqrt(Math.PI) * sum;
  }

  @Test
  void erfIsItsSeriesAndItsTabulatedValues() {
    for (double x = -1.5; x < 1.5; x += 0.00137) {
      assertEquals(series(x), Exact.erf(x), 2e-15 * Math.max(1e-3, Math.abs(x)), "erf " + x);
    }
    // Abramowitz and Stegun, table 7.1.
    assertEquals(0.8427007929, Exact.erf(1), 5e-11);
    assertEquals(0.9953222650, Exact.erf(2), 5e-11);
    assertEquals(-0.9999779095, Exact.erf(-3), 5e-11);
    assertEquals(1, Exact.erf(7));
  }

  @Test
  void limitsOfTheActivations() {
    assertEquals(-0.0, Exact.silu(Double.NEGATIVE_INFINITY));
    assertEquals(-0.0, Exact.gelu(Double.NEGATIVE_INFINITY));
    assertEquals(Math.log(2), Exact.softplus(0), 1e-16);
    assertEquals(0.5, Exact.sigmoid(0));
  }

  /** What is counted, and that a wrong function is found out. */
  @Test
  void talliesErrorsAndBrokenPromises() {
    Measured halves =
        new Measured(
            "half",
            x -> x == 2f ? Math.nextUp(1f) : x == 5f ? Float.NaN : Math.min(x * 0.5f, 8f),
            x -> x / 2,
            Float.NEGATIVE_INFINITY,
            16f,
            Measured.Core.positive(1, 2),
            false);
    Tally tally = new Tally(halves);
    for (float x : new float[] {1f, 2f, 3f, 4f}) {
      tally.add(x);
    }
    Finding found = tally.finding();
    assertEquals(List.of(4L, 4L), List.of(found.inputs(), found.measured()));
    assertEquals(1, found.largest());
    assertEquals(2f, found.at());
    assertEquals(0.75, found.correctlyRounded());
    assertEquals(0, found.wrong());
    // Beyond its limit the contract wants NaN.
    tally.add(17f);
    assertEquals(1, tally.finding().wrong());
    assertEquals(17f, tally.finding().firstWrong());
  }

  @Test
  void triesAsManyArgumentsAsItSays() {
    AtomicLong done = new AtomicLong();
    Finding found = Sweep.run("powi 2", 99991, true, done::addAndGet);
    assertEquals(Sweep.count("powi 2", 99991, true), done.get());
    assertEquals(done.get(), found.inputs());
    assertTrue(found.largest() <= 0.5);
    assertEquals(0, found.wrong());
  }
}
