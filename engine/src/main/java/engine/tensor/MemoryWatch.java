package engine.tensor;

import org.jspecify.annotations.Nullable;

/**
 * Is told of every storage that is allocated under it and of its release, to count what is held at
 * once. Memory that is never released, because the garbage collector finds it first, counts to the
 * end.
 */
public interface MemoryWatch {
  /** Memory begins; its contents are not yet written. */
  void took(Storage storage);

  /** Memory ends. */
  void gave(Storage storage);

  /** Runs a body on this thread; what it allocates is watched to its end. */
  static void with(MemoryWatch watch, Runnable body) {
    ScopedValue.where(MemoryWatching.CURRENT, watch).run(body);
  }

  /** Who watches allocations of this thread, or null. */
  static @Nullable MemoryWatch current() {
    return MemoryWatching.CURRENT.isBound() ? MemoryWatching.CURRENT.get() : null;
  }
}

/** Where the watch of a thread stands. */
final class MemoryWatching {
  static final ScopedValue<MemoryWatch> CURRENT = ScopedValue.newInstance();

  private MemoryWatching() {}
}
