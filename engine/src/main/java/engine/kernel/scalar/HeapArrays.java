package engine.kernel.scalar;

import engine.tensor.HeapStorage;
import engine.tensor.Storage;

/** Arrays behind arguments that may be absent. */
public final class HeapArrays {
  private HeapArrays() {}

  /** The array of a storage; null for none. */
  public static float[] orNull(Storage storage) {
    return storage == null ? null : HeapStorage.array(storage);
  }
}
