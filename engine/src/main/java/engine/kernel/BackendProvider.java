package engine.kernel;

import java.util.Optional;

/**
 * A backend that {@link java.util.ServiceLoader} finds: a class with a public constructor without
 * arguments, named in {@code META-INF/services/engine.kernel.BackendProvider} of a jar on the class
 * path. {@link Backends} chooses among them by name; {@code auto} takes none but the engine's own.
 * A provider is made to be asked, so its class must load where its backend cannot run; one that
 * does not, or throws when it is asked, is left out with a warning.
 */
public interface BackendProvider {
  /**
   * What a backend lacks on this machine.
   *
   * @param what as in "needs the Vector API"
   * @param remedy what to do about it, an imperative
   */
  record Lack(String what, String remedy) {}

  /** What users call the backend: lower case, and no other provider's. */
  String name();

  /** Why it cannot be opened here; empty where nothing is known to stand in the way. */
  default Optional<Lack> lack() {
    return Optional.empty();
  }

  /**
   * Opens it.
   *
   * @param workers the threads and the pool of heap memory that it computes with; whoever opens it
   *     closes them, after {@link Kernels#close}
   */
  Kernels open(Workers workers);
}
