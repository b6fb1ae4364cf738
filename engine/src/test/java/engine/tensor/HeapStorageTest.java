package engine.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class HeapStorageTest {
  /** What a device has for itself. */
  private static final class Remote extends Storage {
    @Override
    public int size() {
      return 1;
    }

    @Override
    public void read(float[] target) {
      target[0] = 1;
    }

    @Override
    public void write(float[] source) {
      throw new AssertionError("must not be written");
    }

    @Override
    public void release() {}

    @Override
    public boolean isReleased() {
      return false;
    }
  }

  @Test
  void aTensorOfADeviceIsRefusedWithTheRemedy() {
    String remedy =
        "[storage] a CPU kernel was given Remote: compute it under the engine that made it, or"
            + " bring it to the heap with toArray()";
    Remote remote = new Remote();
    assertEquals(
        remedy,
        assertThrows(IllegalArgumentException.class, () -> HeapStorage.array(remote)).getMessage());
    assertEquals(
        remedy,
        assertThrows(IllegalArgumentException.class, () -> HeapStorage.readOnly(remote))
            .getMessage());
  }
}
