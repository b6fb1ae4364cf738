package engine.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How many pieces run side by side: as many as threads, within the memory allowed. */
class MeasuredPiecesTest {
  private static final int FLOATS = 1000;

  @ParameterizedTest
  @CsvSource({"4000,1", "7999,1", "8000,2", "11999,2", "12000,3", "1000000,3", "10,1"})
  void theFirstPieceIsMeasured(long allowed, int wanted) {
    try (Engine engine = Engine.open("scalar", 3)) {
      engine.run(() -> {
        MeasuredPieces pieces = new MeasuredPieces(true, allowed);
        assertEquals(1, pieces.next());
        int[] team = new int[1];
        pieces.run(
            1,
            i -> {
              team[0] = Pieces.atOnce();
              Backends.current().allocate(FLOATS).release();
              Backends.current().allocate(FLOATS - 10).release();
            });
        assertEquals(3, team[0]);
        assertEquals(wanted, pieces.next());
        return engine;
      });
    }
  }

  @ParameterizedTest
  @CsvSource({"1", "2", "5"})
  void piecesThatChangeEachOtherRunOneByOne(int count) {
    try (Engine engine = Engine.open("scalar", 3)) {
      engine.run(() -> {
        MeasuredPieces pieces = new MeasuredPieces(false, Long.MAX_VALUE);
        for (int i = 0; i < count; i++) {
          pieces.run(1, one -> Backends.current().allocate(FLOATS).release());
          assertEquals(1, pieces.next());
        }
        return engine;
      });
    }
  }
}
