package engine.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ArrayPoolTest {
  @Test
  void givesBackWhatItGot() {
    ArrayPool pool = new ArrayPool(1 << 20);
    float[] a = pool.take(5000);
    float[] b = pool.take(5000);
    assertNotSame(a, b);
    pool.give(a);
    assertEquals(20_000, pool.idleBytes());
    assertNotSame(a, pool.take(5001));
    assertSame(a, pool.take(5000));
    assertEquals(0, pool.idleBytes());
  }

  @Test
  void smallAndHugeArraysAreLeftToTheCollector() {
    ArrayPool pool = new ArrayPool(40_000);
    pool.give(new float[100]);
    pool.give(new float[10_001]);
    assertEquals(0, pool.idleBytes());
  }

  @Test
  void idleMemoryIsBounded() {
    ArrayPool pool = new ArrayPool(50_000);
    for (int i = 0; i < 20; i++) {
      pool.give(new float[5000 + i]);
      assertTrue(pool.idleBytes() <= 50_000);
    }
    pool.clear();
    assertEquals(0, pool.idleBytes());
  }

  @Test
  void releaseIsIdempotentAndUseAfterItThrows() {
    HeapStorage storage = HeapStorage.allocate(2048);
    storage.release();
    storage.release();
    String text =
        assertThrows(IllegalStateException.class, () -> storage.read(new float[2048])).getMessage();
    assertTrue(text.contains("use after release"));
    // Released twice, it was given back once: two takers get two arrays.
    HeapStorage one = HeapStorage.allocate(2048);
    HeapStorage two = HeapStorage.allocate(2048);
    assertNotSame(HeapStorage.array(one), HeapStorage.array(two));
  }
}
