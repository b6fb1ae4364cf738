package engine.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import engine.testing.OpContract;
import org.junit.jupiter.api.Test;

/** Transforms of fixed noise have the bits that the numeric contract writes down. */
class FftProbeTest {
  @Test
  void theProbeHashIsTheSameOnEveryBackend() {
    OpContract.everyBackend()
        .forEach((name, k) -> assertEquals(FftProbe.EXPECTED, FftProbe.hash(k), name));
  }

  /** The library's tables call the platform's sine, which is compiled after some uses. */
  @Test
  void theProbeHashIsTheSameInColdAndInHotCode() {
    Kernels k = OpContract.everyBackend().values().iterator().next();
    for (int i = 0; i < 300; i++) {
      assertEquals(FftProbe.EXPECTED, FftProbe.hash(k));
    }
  }
}
