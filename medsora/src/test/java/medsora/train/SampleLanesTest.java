package medsora.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import engine.kernel.Backends;
import engine.kernel.Engine;
import engine.kernel.Lanes;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How many samples are computed side by side: as many as threads, within the memory allowed. */
class SampleLanesTest {
  private static final int FLOATS = 1000;

  @ParameterizedTest
  @CsvSource({"4000,1", "7999,1", "8000,2", "11999,2", "12000,3", "1000000,3", "10,1"})
  void theFirstSampleIsMeasured(long allowed, int lanes) {
    try (Engine engine = Engine.open("scalar", 3)) {
      engine.run(
          () -> {
            SampleLanes samples = new SampleLanes(true, allowed);
            assertEquals(1, samples.next());
            int[] team = new int[1];
            samples.run(
                1,
                i -> {
                  team[0] = Lanes.available();
                  Backends.current().allocate(FLOATS).release();
                  Backends.current().allocate(FLOATS - 10).release();
                });
            assertEquals(3, team[0]);
            assertEquals(lanes, samples.next());
            return engine;
          });
    }
  }

  @ParameterizedTest
  @CsvSource({"1", "2", "5"})
  void samplesThatChangeEachOtherRunOneByOne(int count) {
    try (Engine engine = Engine.open("scalar", 3)) {
      engine.run(
          () -> {
            SampleLanes samples = new SampleLanes(false, Long.MAX_VALUE);
            for (int i = 0; i < count; i++) {
              samples.run(1, one -> Backends.current().allocate(FLOATS).release());
              assertEquals(1, samples.next());
            }
            return engine;
          });
    }
  }
}
