package engine.kernel.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import engine.tensor.DeviceCopy;
import engine.tensor.HeapStorage;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How a device that is in trouble gives its copies up. */
class OpenClCopiesTest {
  /** Contents that come home, or a device that is lost. */
  private static final class Copy extends DeviceCopy {
    private final RuntimeException failure;
    private int releases;

    Copy(RuntimeException failure) {
      this.failure = failure;
    }

    @Override
    protected void upload(float[] array) {}

    @Override
    protected void download(float[] array) {
      if (failure != null) {
        throw failure;
      }
      array[0] = 7;
    }

    @Override
    protected void release() {
      releases++;
    }
  }

  private static HeapStorage written(Copy copy) {
    HeapStorage storage = HeapStorage.wrap(new float[] {1});
    storage.deviceWrites(copy);
    return storage;
  }

  @Test
  void oneThatFailsCostsTheOthersNothing() {
    RuntimeException first = new OpenClException("lost");
    RuntimeException second = new OpenClException("lost, too");
    Copy lost = new Copy(first);
    Copy lostToo = new Copy(second);
    Copy sound = new Copy(null);
    HeapStorage home = written(sound);
    HeapStorage gone = written(lost);
    Map<HeapStorage, Copy> all = new LinkedHashMap<>();
    all.put(gone, lost);
    all.put(written(lostToo), lostToo);
    all.put(home, sound);
    assertSame(first, assertThrows(OpenClException.class, () -> OpenClCopies.leave(all)));
    assertSame(second, first.getSuppressed()[0]);
    all.values().forEach(copy -> assertEquals(1, copy.releases));
    assertEquals(7, HeapStorage.readOnly(home)[0]);
    assertThrows(OpenClException.class, () -> HeapStorage.readOnly(gone));
  }
}
