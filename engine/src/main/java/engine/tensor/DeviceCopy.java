package engine.tensor;

/**
 * The copy of a heap array on a device. It belongs to the context of the device, which knows where
 * it lies; {@link HeapStorage} knows which copies are up to date and asks for a transfer where
 * somebody reads one that is not. Transfers are called under the lock of the storage: they may take
 * locks of the device and must not call back.
 */
public abstract class DeviceCopy {
  /** Which contents it has, counted by writes; at first none. Guarded by {@link Copies}. */
  long version = -1;

  /** Replaces the copy by the array. */
  protected abstract void upload(float[] array);

  /** Replaces the array by the copy. */
  protected abstract void download(float[] array);

  /** The array is given up, and its copy with it. */
  protected abstract void release();
}
