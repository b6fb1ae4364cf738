package engine.kernel;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/**
 * A fixed team of threads for kernels: the caller and {@code threads - 1} daemons. Tasks are
 * claimed in any order, so a kernel may only split its outputs (numeric contract N19); then the
 * number of threads never shows in a result. Not reentrant: a task must not call back into the
 * team.
 */
public final class Workers {
  /** A team of one: runs everything on the caller. */
  public static final Workers SINGLE = new Workers(1);

  /** How long an idle worker spins before it sleeps; covers the gaps between the ops of a step. */
  private static final long SPIN_NANOS = 50_000;

  private final int threads;
  private final Thread[] daemons;
  private volatile Job job;
  private volatile boolean busy;

  public Workers(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("[workers] wants at least one thread, got " + threads);
    }
    this.threads = threads;
    this.daemons = new Thread[threads - 1];
    for (int i = 0; i < daemons.length; i++) {
      daemons[i] = Thread.ofPlatform().daemon().name("engine-worker-" + (i + 1)).start(this::serve);
    }
  }

  public int threads() {
    return threads;
  }

  /** Runs body(0), ..., body(tasks - 1), each once, and returns when all are done. */
  public void forEach(int tasks, IntConsumer body) {
    if (threads == 1 || tasks <= 1) {
      for (int i = 0; i < tasks; i++) {
        body.accept(i);
      }
      return;
    }
    synchronized (this) {
      if (busy) {
        throw new IllegalStateException("[workers] a task called back into its own team");
      }
      busy = true;
      Job current = new Job(tasks, body);
      job = current;
      for (int i = 0; i < Math.min(daemons.length, tasks - 1); i++) {
        LockSupport.unpark(daemons[i]);
      }
      try {
        current.work();
        current.await();
      } finally {
        job = null;
        busy = false;
      }
      current.rethrow();
    }
  }

  /** Splits [0, n) into ranges of at least {@code grain} and runs body(from, to) on each. */
  public void ranges(int n, int grain, RangeBody body) {
    int pieces = Math.max(1, Math.min(threads * 4, n / Math.max(1, grain)));
    if (pieces == 1 || threads == 1) {
      if (n > 0) {
        body.run(0, n);
      }
      return;
    }
    int each = (n + pieces - 1) / pieces;
    forEach(
        pieces,
        p -> {
          int from = p * each;
          int to = Math.min(n, from + each);
          if (from < to) {
            body.run(from, to);
          }
        });
  }

  /** The body of a split loop. */
  @FunctionalInterface
  public interface RangeBody {
    void run(int from, int to);
  }

  private void serve() {
    Job last = null;
    long idleSince = System.nanoTime();
    while (true) {
      Job current = job;
      if (current != null && current != last) {
        current.work();
        last = current;
        idleSince = System.nanoTime();
      } else if (System.nanoTime() - idleSince < SPIN_NANOS) {
        Thread.onSpinWait();
      } else {
        last = null;
        LockSupport.park(this);
        idleSince = System.nanoTime();
      }
    }
  }

  private static final class Job {
    private final int tasks;
    private final IntConsumer body;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger done = new AtomicInteger();
    private volatile Throwable failure;

    Job(int tasks, IntConsumer body) {
      this.tasks = tasks;
      this.body = body;
    }

    void work() {
      int i;
      while ((i = next.getAndIncrement()) < tasks) {
        try {
          body.accept(i);
        } catch (Throwable t) {
          failure = t;
        } finally {
          done.incrementAndGet();
        }
      }
    }

    void await() {
      while (done.get() < tasks) {
        Thread.onSpinWait();
      }
    }

    void rethrow() {
      switch (failure) {
        case null -> {}
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        default -> throw new IllegalStateException("[workers] a task failed", failure);
      }
    }
  }
}
