package engine.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.kernel.Walks;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class WalksTest {
  /** Walks in drawn orders. */
  static Walks drawn(int count, int sequences, int length, long seed) {
    Random random = new Random(seed);
    int tokens = sequences * length;
    int[][] orders = new int[count][tokens];
    for (int[] order : orders) {
      for (int i = 0; i < tokens; i++) {
        int j = random.nextInt(i + 1);
        order[i] = order[j];
        order[j] = i;
      }
    }
    return Walks.of(length, orders);
  }

  @Property(tries = 50)
  void rowsAndTokensAreInverse(
      @ForAll @IntRange(min = 1, max = 4) int count,
      @ForAll @IntRange(min = 1, max = 3) int sequences,
      @ForAll @IntRange(min = 1, max = 6) int length,
      @ForAll long seed) {
    Walks walks = drawn(count, sequences, length, seed);
    boolean[] met = new boolean[3 * walks.rows()];
    for (int token = 0; token < 3 * walks.tokens(); token++) {
      for (int walk = 0; walk < count; walk++) {
        int row = walks.row(walk, token);
        assertEquals(token, walks.token(row));
        met[row] = true;
      }
    }
    for (boolean one : met) {
      assertTrue(one);
    }
  }

  @Test
  void refusesWhatIsNoPermutation() {
    String text =
        assertThrows(
                IllegalArgumentException.class,
                () -> Walks.of(1, new int[] {0, 1, 2}, new int[] {0, 2, 2}))
            .getMessage();
    assertEquals("[walks] walk 1 is no permutation: token 2 at position 2", text);
    assertThrows(IllegalArgumentException.class, () -> Walks.of(2, new int[] {0, 1, 2}));
    assertThrows(
        IllegalArgumentException.class, () -> Walks.of(1, new int[] {0, 1}, new int[] {0}));
    assertThrows(IllegalArgumentException.class, () -> Walks.of(1));
  }
}
