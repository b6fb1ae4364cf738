package engine.kernel;

import engine.tensor.ArrayPool;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;

/**
 * A backend with what it computes with: worker threads, a pool of heap memory and, where it has
 * one, a device. Several live in one process side by side; each gives the same bits, whatever its
 * threads are. {@link #close} ends the threads and gives the memory back.
 *
 * <pre>{@code
 * try (Engine engine = Engine.open("auto", 4)) {
 *   Tensor y = engine.run(() -> model.forward(x));
 * }
 * }</pre>
 *
 * <p>Who opens none computes on the one of the process ({@link Backends#current}). Tensors of the
 * heap outlive the engine that made them, and so do weights in the heap that a device changed; what
 * a device alone holds is gone with it. Per process, and so shared by all engines, is the width of
 * the vectors ({@link SimdWidth}).
 */
public final class Engine implements AutoCloseable {
  private final ArrayPool pool;
  private final Workers workers;
  private final Kernels kernels;

  /** Shared by the bodies that run, held alone by {@link #close}. */
  private final ReentrantReadWriteLock bodies = new ReentrantReadWriteLock();

  private volatile boolean closed;
  private boolean ended;

  private Engine(ArrayPool pool, int threads, Function<Workers, Kernels> backend) {
    if (threads < 0) {
      throw new IllegalArgumentException("[backend] threads must be positive, got " + threads);
    }
    this.pool = pool;
    this.workers =
        new Workers(threads == 0 ? Runtime.getRuntime().availableProcessors() : threads, pool);
    try {
      this.kernels = backend.apply(workers);
    } catch (RuntimeException | Error e) {
      workers.close();
      throw e;
    }
  }

  /**
   * Opens a backend by its name.
   *
   * @param backend auto, scalar, simd, opencl or that of a {@link BackendProvider}
   * @param threads 0 for one per available processor
   * @throws IllegalArgumentException if that backend does not exist or cannot run here, with the
   *     remedy
   */
  public static Engine open(String backend, int threads) {
    return open(threads, workers -> Backends.open(backend, workers));
  }

  /** Opens a backend that the caller makes, such as one on a certain device. */
  public static Engine open(int threads, Function<Workers, Kernels> backend) {
    return new Engine(new ArrayPool(), threads, backend);
  }

  /** The one that {@link Backends#current} stands for; its pool is the process's. */
  static Engine ofProcess(String backend, int threads) {
    return new Engine(ArrayPool.ofProcess(), threads, workers -> Backends.open(backend, workers));
  }

  /** The backend; after {@link #close} it refuses to compute. */
  public Kernels kernels() {
    return kernels;
  }

  /** Threads that compute, the caller among them. */
  public int threads() {
    return workers.threads();
  }

  /** Idle heap memory in bytes, which the next allocations of the same sizes take. */
  public long idleBytes() {
    return pool.idleBytes();
  }

  /**
   * Runs a body on this engine; ops of this thread compute there until it returns. What the body
   * throws comes out as it is.
   *
   * @throws IllegalStateException if the engine is closed, or closes just now
   */
  public <T, X extends Throwable> T run(ScopedValue.CallableOp<? extends T, X> body) throws X {
    boolean nested = bodies.getReadHoldCount() > 0;
    // A lock that is tried overtakes a close that waits; so a body may run others until it is done.
    if ((closed && !nested) || !bodies.readLock().tryLock()) {
      throw new IllegalStateException(
          "[engine] this engine is closed: run before it closes, or open another");
    }
    try {
      return pool.<T, X>serve(() -> Backends.<T, X>with(kernels, body));
    } finally {
      bodies.readLock().unlock();
    }
  }

  /**
   * Waits for the bodies of {@link #run} and for the loop that the threads compute, then ends
   * threads, device and pool, each of them even where another fails. Kernels that are called
   * outside of {@link #run} may be refused half way. Idempotent.
   *
   * @throws IllegalStateException if a body or a task of this engine calls it
   */
  @Override
  public void close() {
    workers.refuseTasks();
    if (bodies.getReadHoldCount() > 0) {
      throw new IllegalStateException(
          "[engine] a body closes the engine that it runs on: close it when run has returned");
    }
    closed = true;
    bodies.writeLock().lock();
    try {
      if (!ended) {
        ended = true;
        end();
      }
    } finally {
      bodies.writeLock().unlock();
    }
  }

  private void end() {
    try {
      workers.close();
    } finally {
      try {
        kernels.close();
      } finally {
        endPool();
      }
    }
  }

  private void endPool() {
    if (pool == ArrayPool.ofProcess()) {
      // The engine after this one goes on with it.
      pool.clear();
    } else {
      pool.close();
    }
  }
}
