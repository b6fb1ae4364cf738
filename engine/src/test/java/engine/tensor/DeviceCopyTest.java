package engine.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Who has the newest contents of a heap array, with devices that are arrays themselves. */
class DeviceCopyTest {
  private final HeapStorage storage = HeapStorage.wrap(new float[] {1, 2, 3});
  private final Device a = new Device();
  private final Device b = new Device();

  private static final class Device extends DeviceCopy {
    private final float[] memory = new float[3];
    private int uploads;
    private int downloads;
    private int releases;

    @Override
    protected void upload(float[] array) {
      uploads++;
      System.arraycopy(array, 0, memory, 0, 3);
    }

    @Override
    protected void download(float[] array) {
      downloads++;
      System.arraycopy(memory, 0, array, 0, 3);
    }

    @Override
    protected void release() {
      releases++;
    }

    String transfers() {
      return uploads + " up, " + downloads + " down";
    }
  }

  private void writeOn(Device device, float value) {
    storage.deviceWrites(device);
    device.memory[0] = value;
  }

  private float[] contents() {
    float[] out = new float[3];
    storage.read(out);
    return out;
  }

  @Test
  void readingOnTheHostLeavesCopiesGood() {
    storage.deviceReads(a);
    assertEquals(1, HeapStorage.readOnly(storage)[0]);
    assertArrayEquals(new float[] {1, 2, 3}, contents());
    storage.deviceReads(a);
    assertEquals("1 up, 0 down", a.transfers());
    HeapStorage.array(storage)[0] = 7;
    storage.deviceReads(a);
    assertEquals("2 up, 0 down", a.transfers());
    assertEquals(7, a.memory[0]);
    storage.write(new float[] {4, 5, 6});
    storage.deviceReads(a);
    assertArrayEquals(new float[] {4, 5, 6}, a.memory);
  }

  @Test
  void twoDevicesReadOneArrayEachFromItsOwnCopy() {
    for (int i = 0; i < 3; i++) {
      storage.deviceReads(a);
      storage.deviceReads(b);
    }
    assertEquals("1 up, 0 down", a.transfers());
    assertEquals("1 up, 0 down", b.transfers());
  }

  @Test
  void whatOneDeviceWritesTheOthersAndTheHostRead() {
    storage.deviceReads(b);
    writeOn(a, 10);
    storage.deviceReads(a);
    assertEquals("1 up, 0 down", a.transfers());
    storage.deviceReads(b);
    assertArrayEquals(new float[] {10, 2, 3}, b.memory);
    assertEquals("1 up, 1 down", a.transfers());
    // The array was brought up to date on the way: nobody has to fetch it again.
    assertArrayEquals(new float[] {10, 2, 3}, contents());
    storage.deviceReads(a);
    assertEquals("1 up, 1 down", a.transfers());
    writeOn(b, 20);
    assertEquals(20, HeapStorage.readOnly(storage)[0]);
    storage.deviceReads(a);
    assertEquals(20, a.memory[0]);
  }

  @Test
  void aWholeWriteFetchesNothing() {
    writeOn(a, 10);
    storage.write(new float[] {4, 5, 6});
    assertArrayEquals(new float[] {4, 5, 6}, contents());
    assertEquals("1 up, 0 down", a.transfers());
  }

  @Test
  void aDeviceThatLeavesBringsHomeWhatOnlyItHas() {
    storage.deviceReads(b);
    writeOn(a, 10);
    storage.leave(b);
    storage.leave(a);
    assertArrayEquals(new float[] {10, 2, 3}, contents());
    assertEquals("1 up, 1 down", a.transfers());
    assertEquals("1 up, 0 down", b.transfers());
    assertEquals(1, a.releases);
    assertEquals(1, b.releases);
  }

  @Test
  void copiesGoWithTheStorage() {
    writeOn(a, 10);
    storage.deviceReads(b);
    storage.release();
    storage.release();
    assertEquals(1, a.releases);
    assertEquals(1, b.releases);
    String text =
        assertThrows(IllegalStateException.class, () -> storage.deviceReads(a)).getMessage();
    assertTrue(text.contains("use after release"), text);
  }
}
