package tools.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import medsora.metric.distance.FeatureRows;
import org.junit.jupiter.api.Test;

class DrawsTest {
  private static FeatureRows rows(int count, int dimensions) {
    return FeatureRows.of(
        "rows", IntStream.range(0, count).mapToObj(i -> new float[dimensions]).toList());
  }

  /** A number that a user names is drawn, whatever it takes. */
  @Test
  void whatIsAskedForIsDrawn() {
    FeatureRows large = rows(1001, 1001);
    FeatureRows small = rows(20, 1001);
    Draws unasked = Draws.of(null, 7);
    assertTrue(unasked.leavesOut(large, small));
    assertEquals(0, unasked.effort(large, small).replicates());
    assertEquals(200, unasked.effort(small, small).replicates());
    Draws asked = Draws.of(40, 7);
    assertFalse(asked.leavesOut(large, small));
    assertEquals(40, asked.effort(large, small).replicates());
    assertEquals(7, asked.effort(large, small).seed());
    assertFalse(Draws.of(0, 7).leavesOut(large, large), "nothing is left out of none");
  }

  /** Manifests from before keep their meaning: a number without the word was none of large sets. */
  @Test
  void whatIsWrittenIsRead() {
    for (Integer asked : new Integer[] {null, 0, 40}) {
      Draws draws = Draws.of(asked, 7);
      SortedMap<String, String> texts = new TreeMap<>();
      draws.write(texts);
      int replicates = Integer.parseInt(texts.get("bootstrap"));
      assertEquals(draws, Draws.read(texts, replicates, 7));
    }
    SortedMap<String, String> before = new TreeMap<>();
    before.put("bootstrap", "40");
    assertEquals(new Draws(40, false, 7), Draws.read(before, 40, 7));
  }
}
