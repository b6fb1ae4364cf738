package medsora.metric.protocol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.testing.Fixtures;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import medsora.metric.protocol.ClipRule.Begin;
import medsora.metric.protocol.ClipRule.Drawn;
import medsora.metric.protocol.ClipRule.Which;
import org.junit.jupiter.api.Test;

class ClipRuleTest {
  private static final ClipRule DRAWN = new ClipRule(4, 3, 5, Which.FIRST, Begin.UNIFORM);

  @Test
  void keepsAndReachesWhatTheReferenceDoes() {
    int[] rows = Fixtures.load("metric_clip_sampling").ints("rows");
    for (int at = 0; at < rows.length; at += 6) {
      ClipRule rule = new ClipRule(rows[at + 1], rows[at + 2], 1, Which.FIRST, Begin.UNIFORM);
      int last = rule.lastBegin(rows[at]);
      assertEquals(rows[at + 3] == 1, last >= 0);
      assertEquals(rows[at + 4], last);
      if (last >= 0) {
        assertEquals(rows[at + 5], rule.indices(last)[rule.frames() - 1]);
      }
    }
  }

  @Test
  void drawsTheFirstUsableVideos() {
    List<Integer> totals = List.of(12, 11, 14, 30, 12, 13, 40, 50);
    List<Drawn> drawn = DRAWN.draw(totals, 3);
    assertEquals(List.of(0, 2, 3, 4, 5), drawn.stream().map(Drawn::video).toList());
    for (Drawn d : drawn) {
      int[] frames = DRAWN.indices(d.begin());
      assertTrue(d.begin() >= 0 && frames[3] < totals.get(d.video()));
    }
    assertEquals(drawn, DRAWN.draw(totals, 3));
    assertNotEquals(drawn, DRAWN.draw(totals, 4));
    assertArrayEquals(new int[] {7, 10, 13, 16}, DRAWN.indices(7));
  }

  /** Every beginning that fits is drawn, the last one included. */
  @Test
  void drawsEveryBeginning() {
    List<Integer> totals = Collections.nCopies(200, 14);
    ClipRule many = DRAWN.atMost(200);
    assertEquals(
        List.of(0, 1, 2, 3, 4),
        many.draw(totals, 1).stream().map(Drawn::begin).distinct().sorted().toList());
  }

  @Test
  void drawsVideosAndZeroBeginnings() {
    List<Integer> totals = Collections.nCopies(50, 20);
    ClipRule rule = new ClipRule(4, 3, 10, Which.RANDOM, Begin.ZERO);
    List<Drawn> drawn = rule.draw(totals, 1);
    assertEquals(10, drawn.stream().map(Drawn::video).collect(Collectors.toSet()).size());
    assertNotEquals(drawn, rule.draw(totals, 2));
    assertTrue(drawn.stream().allMatch(d -> d.begin() == 0));
  }

  @Test
  void protocolsAreFoundByName() {
    assertEquals(Protocol.STYLEGAN_V, Protocol.named("stylegan-v"));
    String said =
        assertThrows(IllegalArgumentException.class, () -> Protocol.named("fvd")).getMessage();
    assertTrue(said.endsWith("paper, stylegan-v, tensorflow, pytorch-fid, cd-fvd, endora"), said);
  }
}
