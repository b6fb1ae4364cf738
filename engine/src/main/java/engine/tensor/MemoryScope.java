package engine.tensor;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

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

  private final @Nullable MemoryScope parent;
  // Weak: what nobody can reach any more may be collected before the scope closes.
  private final List<WeakReference<Storage>> storages = new ArrayList<>();
  private boolean closed;

  private MemoryScope(@Nullable MemoryScope parent) {
    this.parent = parent;
  }

  public static MemoryScope open() {
    MemoryScope scope = new MemoryScope(CURRENT.get());
    CURRENT.set(scope);
    return scope;
  }

  /** The innermost open scope of this thread, or null. */
  public static @Nullable MemoryScope current() {
    return CURRENT.get();
  }

  /**
   * Called by storages when they are allocated; they tell {@link MemoryWatch#gave} themselves.
   *
   * @return who watches them, or null
   */
  public static @Nullable MemoryWatch register(Storage storage) {
    MemoryScope scope = CURRENT.get();
    if (scope != null) {
      scope.own(storage);
    }
    MemoryWatch watch = MemoryWatch.current();
    if (watch != null) {
      watch.took(storage);
    }
    return watch;
  }

  private void own(Storage storage) {
    storage.setOwner(this);
    storages.add(new WeakReference<>(storage));
  }

  /** Hands a tensor's memory to the enclosing scope (or to the garbage collector). */
  public Tensor keep(Tensor tensor) {
    Storage storage = tensor.storage();
    if (storage.owner() == this) {
      storage.setOwner(null);
      if (parent != null) {
        parent.own(storage);
      }
    }
    return tensor;
  }

  /** Hands what fits a condition to the enclosing scope (or to the garbage collector). */
  public void keepIf(Predicate<Storage> condition) {
    for (WeakReference<Storage> reference : List.copyOf(storages)) {
      Storage storage = reference.get();
      if (storage != null && storage.owner() == this && condition.test(storage)) {
        storage.setOwner(null);
        if (parent != null) {
          parent.own(storage);
        }
      }
    }
  }

  /** Takes a storage over from whichever open scope holds it, so that it lives as long as this. */
  public void adopt(Storage storage) {
    if (storage.owner() != null && storage.owner() != this) {
      own(storage);
    }
  }

  /** Releases one storage early, if an open scope holds it. */
  public void release(Storage storage) {
    if (storage.owner() != null) {
      storage.setOwner(null);
      storage.release();
    }
  }

  /** Whether this scope itself holds the storage. */
  public boolean holds(Storage storage) {
    return storage.owner() == this;
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
    for (WeakReference<Storage> reference : storages) {
      Storage storage = reference.get();
      if (storage != null && storage.owner() == this) {
        release(storage);
      }
    }
    storages.clear();
  }
}
