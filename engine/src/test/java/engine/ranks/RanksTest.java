package engine.ranks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.testing.ThreadTransport;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What ranks tell each other, as threads of one process. */
class RanksTest {
  @Test
  void aloneThereIsNobodyToAsk() {
    Ranks ranks = Ranks.ALONE;
    assertTrue(ranks.isFirst());
    assertEquals(1, ranks.count());
    assertFalse(ranks.any(false));
    assertTrue(ranks.any(true));
    assertArrayEquals(new byte[] {7}, ranks.gather(new byte[] {7}).getFirst());
    ranks.requireSame("data", "any");
    ranks.meet();
    assertEquals(3, ranks.doneByAll(3));
  }

  @Test
  void whatIsGatheredKeepsItsLengthsAndOrder() throws Exception {
    List<String> all =
        ThreadTransport.run(
            3,
            ranks -> {
              StringBuilder said = new StringBuilder();
              for (int round = 0; round < 3; round++) {
                String own = "x".repeat(ranks.rank() * round);
                for (byte[] each : ranks.gather(own.getBytes(StandardCharsets.UTF_8))) {
                  said.append(each.length).append(' ');
                }
              }
              return said.toString();
            });
    assertEquals(List.of("0 0 0 0 1 2 0 2 4 "), all.stream().distinct().toList());
  }

  @Test
  void anyIsTrueForAll() throws Exception {
    assertEquals(List.of(true, true), ThreadTransport.run(2, r -> r.any(r.rank() == 1)));
    assertEquals(List.of(false, false), ThreadTransport.run(2, r -> r.any(false)));
  }

  @Test
  void whoDiffersIsNamedEverywhere() throws Exception {
    List<String> all =
        ThreadTransport.run(
            3,
            ranks -> {
              List<String> said = new ArrayList<>();
              for (String odd : List.of("5", "4")) {
                try {
                  ranks.requireSame("numeric contract", ranks.rank() == 2 ? odd : "5");
                } catch (RanksException e) {
                  said.add(e.getMessage());
                }
              }
              return String.join("|", said);
            });
    assertEquals(1, Stream.of(all.toArray()).distinct().count(), all.toString());
    assertTrue(
        all.getFirst()
            .matches(
                "\\[ranks] rank 2 of 3 on host .+ has another numeric contract than rank 0 of 3 on host"
                    + " .+: 4, not 5"),
        all.getFirst());
  }
}
