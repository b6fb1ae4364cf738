package engine.tensor;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Collects every storage allocated by this thread while it is open, and gives them back to the pool
 * when it closes, except those kept. Scopes nest. Without any scope, memory is left to the garbage
 * collector. Using a tensor whose scope has closed throws; it never reads someone else's data.
 *
 * <pre>{@code
 * try (MemoryScope scope = MemoryScope.open()) {
 *   Tensor y = model.forward(x);   // many intermediates
 *   return scope.keep(y);          // only y survives, in the enclosing scope
 * }
 * }</pre>
 */
public final class MemoryScope implements AutoCloseable {
  private static final ThreadLocal<MemoryScope> CURRENT = new ThreadLocal<>();

  private final MemoryScope parent;
  private final Set<Storage> storages = new LinkedHashSet<>();
  private boolean closed;

  private MemoryScope(MemoryScope parent) {
    this.parent = parent;
  }

  public static MemoryScope open() {
    MemoryScope scope = new MemoryScope(CURRENT.get());
    CURRENT.set(scope);
    return scope;
  }

  /** Called by storages when they are allocated. */
  public static void register(Storage storage) {
    MemoryScope scope = CURRENT.get();
    if (scope != null) {
      scope.storages.add(storage);
    }
  }

  /** Hands a tensor's memory to the enclosing scope (or to the garbage collector). */
  public Tensor keep(Tensor tensor) {
    if (storages.remove(tensor.storage()) && parent != null) {
      parent.storages.add(tensor.storage());
    }
    return tensor;
  }

  /** Takes a storage over from whichever open scope holds it, so that it lives as long as this. */
  public void adopt(Storage storage) {
    for (MemoryScope scope = CURRENT.get(); scope != null; scope = scope.parent) {
      if (scope.storages.remove(storage)) {
        storages.add(storage);
        return;
      }
    }
  }

  /** Releases one storage early, if this scope or an enclosing one holds it. */
  public void release(Storage storage) {
    for (MemoryScope scope = this; scope != null; scope = scope.parent) {
      if (scope.storages.remove(storage)) {
        storage.release();
        return;
      }
    }
  }

  /** Whether this scope itself holds the storage. */
  public boolean holds(Storage storage) {
    return storages.contains(storage);
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    if (CURRENT.get() != this) {
      throw new IllegalStateException("[memory] scopes must close in the reverse order of opening");
    }
    closed = true;
    CURRENT.set(parent);
    storages.forEach(Storage::release);
    storages.clear();
  }
}
