package engine.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.testing.Fixture;
import engine.testing.Fixtures;
import java.util.List;
import org.junit.jupiter.api.Test;

class FormulaTest {
  @Test
  void givesTheWrittenCheckValues() {
    assertEquals(0.76103442, Formula.u(11, 0, 0), 5e-9);
    assertEquals(0.52395059, Formula.u(11, 0, 1), 5e-9);
    assertEquals(0.55516752, Formula.u(11, 0, 2), 5e-9);
    assertEquals(0.22170691, Formula.u(18, 5, 0), 5e-9);
    assertEquals(0.33513207, Formula.u(18, 5, 1), 5e-9);
  }

  /** The stored parameters of the small modules follow the formula bit for bit. */
  @Test
  void givesTheStoredParameters() {
    check("spatial_mamba_a", 11);
    check("spatial_mamba_b", 21);
    check("temporal_mamba", 11);
  }

  private static void check(String name, long seed) {
    Fixture fixture = Fixtures.load(name);
    List<String> params = fixture.namesUnder("param.");
    assertTrue(params.size() > 5);
    for (int p = 0; p < params.size(); p++) {
      String stored = "param." + params.get(p);
      assertArrayEquals(
          fixture.floats(stored),
          Formula.value(params.get(p), fixture.shape(stored), seed, p),
          name + " " + stored);
    }
  }

  @Test
  void errorIsRelativeToTheLargestAndCatchesNaN() {
    assertEquals(0.25, Fixtures.error(new float[] {1, 3}, new float[] {1, 4}));
    assertEquals(3, Fixtures.error(new float[] {3}, new float[] {0}));
    assertTrue(Double.isNaN(Fixtures.error(new float[] {Float.NaN, 1}, new float[] {1, 1})));
  }
}
