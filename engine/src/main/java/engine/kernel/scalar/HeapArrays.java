package engine.kernel.scalar;

import engine.tensor.HeapStorage;
import engine.tensor.Storage;

/** Arrays behind arguments that may be absent. */
public final class HeapArrays {
  private HeapArrays() {}

  /** {@link HeapStorage#array} of a storage; null for none. */
  public static float[] orNull(Storage storage) {
    return storage == null ? null : HeapStorage.array(storage);
  }

  /** {@link HeapStorage#readOnly} of a storage; null for none. */
  public static float[] readOnlyOrNull(Storage storage) {
    return storage == null ? null : HeapStorage.readOnly(storage);
  }
}
