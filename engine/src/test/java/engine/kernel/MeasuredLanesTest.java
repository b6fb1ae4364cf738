package engine.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How many pieces run side by side: as many as threads, within the memory allowed. */
class MeasuredLanesTest {
  private static final int FLOATS = 1000;

  @ParameterizedTest
  @CsvSource({"4000,1", "7999,1", "8000,2", "11999,2", "12000,3", "1000000,3", "10,1"})
  void theFirstPieceIsMeasured(long allowed, int wanted) {
    try (Engine engine = Engine.open("scalar", 3)) {
      engine.run(
          () -> {
            MeasuredLanes lanes = new MeasuredLanes(true, allowed);
            assertEquals(1, lanes.next());
            int[] team = new int[1];
            lanes.run(
                1,
                i -> {
                  team[0] = Lanes.available();
                  Backends.current().allocate(FLOATS).release();
                  Backends.current().allocate(FLOATS - 10).release();
                });
            assertEquals(3, team[0]);
            assertEquals(wanted, lanes.next());
            return engine;
          });
    }
  }

  @ParameterizedTest
  @CsvSource({"1", "2", "5"})
  void piecesThatChangeEachOtherRunOneByOne(int count) {
    try (Engine engine = Engine.open("scalar", 3)) {
      engine.run(
          () -> {
            MeasuredLanes lanes = new MeasuredLanes(false, Long.MAX_VALUE);
            for (int i = 0; i < count; i++) {
              lanes.run(1, one -> Backends.current().allocate(FLOATS).release());
              assertEquals(1, lanes.next());
            }
            return engine;
          });
    }
  }
}
