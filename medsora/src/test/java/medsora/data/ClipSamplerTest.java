package medsora.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.testing.Fixture;
import engine.testing.Fixtures;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Scale;
import org.junit.jupiter.api.Test;

class ClipSamplerTest {
  @Test
  void referenceMatchesTheReleasedCode() {
    Fixture f = Fixtures.load("frame_sampling");
    int[] cases = f.ints("total_randend_begin_end");
    int[] picked = f.ints("indices");
    for (int i = 0; i < cases.length / 4; i++) {
      int total = cases[4 * i];
      assertEquals(cases[4 * i + 1] + 1, ClipSampler.REFERENCE.begins(total), "total " + total);
      int[] expected = java.util.Arrays.copyOfRange(picked, 17 * i, 17 * i + 17);
      int[] got = ClipSampler.REFERENCE.indices(total, cases[4 * i + 2]);
      assertArrayEquals(expected, got, "total " + total);
    }
  }

  @Test
  void paperTakesEveryThirdFrameWhereItCan() {
    assertEquals(3, ClipSampler.PAPER.stride(49));
    assertEquals(2, ClipSampler.PAPER.stride(48));
    assertEquals(1, ClipSampler.PAPER.stride(17));
    assertEquals(1, ClipSampler.PAPER.begins(17));
    assertEquals(2, ClipSampler.PAPER.begins(50));
    int[] picked = ClipSampler.PAPER.indices(50, 1);
    assertEquals(1, picked[0]);
    assertEquals(4, picked[1]);
    assertEquals(49, picked[16]);
  }

  @Property(tries = 300)
  void everyDrawLiesInsideTheVideo(
      @ForAll @IntRange(min = 17, max = 5000) int total,
      @ForAll @DoubleRange(min = 0, max = 1, maxIncluded = false) @Scale(16) double uniform,
      @ForAll Sampling rule) {
    ClipSampler s = new ClipSampler(rule, 17);
    int[] picked = s.indices(total, (int) (uniform * s.begins(total)));
    assertEquals(17, picked.length);
    assertTrue(picked[0] >= 0 && picked[16] < total);
    for (int k = 1; k < 17; k++) {
      assertTrue(picked[k] > picked[k - 1]);
    }
  }

  @Test
  void shortVideosAndBadDrawsAreRefused() {
    String text =
        assertThrows(IllegalArgumentException.class, () -> ClipSampler.PAPER.begins(16))
            .getMessage();
    assertTrue(text.contains("16 frames"), text);
    assertThrows(IllegalArgumentException.class, () -> ClipSampler.PAPER.indices(60, 12));
    assertThrows(IllegalArgumentException.class, () -> ClipSampler.PAPER.indices(49, 1));
  }
}
