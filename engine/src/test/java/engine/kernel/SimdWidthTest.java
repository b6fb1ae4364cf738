package engine.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SimdWidthTest {
  @Test
  void isRefusedOnceTheBackendIsOpen() {
    int width = SimdWidth.bits();
    try (Engine engine = Engine.open("simd", 1)) {
      assertEquals("simd", engine.kernels().name());
      SimdWidth.configure(width);
      int other = width == 128 ? 256 : 128;
      String said =
          assertThrows(IllegalStateException.class, () -> SimdWidth.configure(other)).getMessage();
      assertTrue(said.contains("cannot become " + other + " bits"), said);
      assertTrue(said.contains("choose it before anything computes"), said);
      assertEquals(width, SimdWidth.bits());
    }
  }

  @Test
  void otherWidthsThanVectorsHaveAreRefused() {
    String said =
        assertThrows(IllegalArgumentException.class, () -> SimdWidth.configure(64)).getMessage();
    assertTrue(said.endsWith("got 64"), said);
  }
}
