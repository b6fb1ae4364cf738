package engine.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;

/** Two properties that ask for the same draw the same, in one run and so in any two. */
class SeededPropertiesTest {
  private static final List<Long> ONE = new ArrayList<>();
  private static final List<Long> OTHER = new ArrayList<>();
  private static final List<Long> OWN_SEED = new ArrayList<>();

  @Property(tries = 20, edgeCases = EdgeCasesMode.NONE)
  void one(@ForAll long drawn) {
    ONE.add(drawn);
  }

  @Property(tries = 20, edgeCases = EdgeCasesMode.NONE)
  void other(@ForAll long drawn) {
    OTHER.add(drawn);
  }

  @Property(tries = 20, edgeCases = EdgeCasesMode.NONE, seed = "3")
  void withASeedOfItsOwn(@ForAll long drawn) {
    OWN_SEED.add(drawn);
  }

  @AfterContainer
  static void drawsAreThoseOfTheSeed() {
    assertEquals(20, ONE.size());
    assertEquals(ONE, OTHER);
    assertNotEquals(ONE, OWN_SEED);
  }
}
