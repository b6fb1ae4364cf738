package engine.kernel;

import engine.tensor.ArrayPool;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What kernels on the processor work with: a pool of heap memory, and a fixed team of threads, the
 * caller and {@code threads - 1} daemons, until it is closed. Tasks are claimed in any order, so a
 * kernel may only split its outputs (numeric contract N19); then the number of threads never shows
 * in a result. Several callers take turns. Not reentrant: a task must not call back into its team.
 */
public final class Workers implements AutoCloseable {
  /** A team of one, which all may share: runs everything on the caller. It never closes. */
  public static final Workers SINGLE = new Workers(1);

  /** How long an idle daemon spins before it sleeps; covers the gaps between the ops of a step. */
  private static final long SPIN_NANOS = 50_000;

  /** Ranges begin at multiples of this where they are long, so that vectors stay whole. */
  private static final int ALIGN = 64;

  private final int threads;
  private final ArrayPool pool;
  private final Daemon[] daemons;
  private volatile @Nullable Job job;
  private volatile boolean closed;
  private boolean busy;
  private long jobs;

  /** A team with the memory of the process. */
  public Workers(int threads) {
    this(threads, ArrayPool.ofProcess());
  }

  public Workers(int threads, ArrayPool pool) {
    if (threads < 1) {
      throw new IllegalArgumentException("[workers] wants at least one thread, got " + threads);
    }
    this.threads = threads;
    this.pool = pool;
    this.daemons = new Daemon[threads - 1];
    for (int i = 0; i < daemons.length; i++) {
      daemons[i] = new Daemon(this, i + 1);
      daemons[i].start();
    }
  }

  public int threads() {
    return threads;
  }

  /** Where kernels take heap memory from. */
  public ArrayPool pool() {
    return pool;
  }

  /**
   * Ends the threads when the loop that they share is done; every later loop is refused. A loop
   * that runs on its caller alone is not waited for. Idempotent.
   */
  @Override
  public void close() {
    if (this == SINGLE) {
      return;
    }
    refuseTasks();
    synchronized (this) {
      closed = true;
    }
    for (Daemon daemon : daemons) {
      daemon.wake();
    }
    for (Daemon daemon : daemons) {
      daemon.end();
    }
  }

  /** Refuses a call that comes out of a task of this team; waits for the loop of others. */
  void refuseTasks() {
    if (Thread.currentThread() instanceof Daemon daemon && daemon.team == this) {
      throw reentered();
    }
    synchronized (this) {
      if (busy) {
        throw reentered();
      }
    }
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException(
          "[engine] its threads have ended: compute before the engine closes, or open another");
    }
  }

  /**
   * Runs body(0), ..., body(tasks - 1), each once, and returns when all are done. If tasks fail,
   * all others still run and the failure of the lowest index is thrown.
   */
  public void forEach(int tasks, IntConsumer body) {
    checkOpen();
    if (threads == 1 || tasks <= 1) {
      for (int i = 0; i < tasks; i++) {
        body.accept(i);
      }
      return;
    }
    if (Thread.currentThread() instanceof Daemon daemon && daemon.team == this) {
      throw reentered();
    }
    synchronized (this) {
      if (busy) {
        throw reentered();
      }
      checkOpen();
      busy = true;
      Job current = new Job(++jobs, tasks, body);
      try {
        job = current;
        for (int i = 0; i < Math.min(daemons.length, tasks - 1); i++) {
          daemons[i].wake();
        }
        current.work();
        current.await();
      } finally {
        job = null;
        busy = false;
      }
      current.rethrow();
    }
  }

  private static IllegalStateException reentered() {
    return new IllegalStateException("[workers] a task called back into its own team");
  }

  /** Splits [0, n) into ranges of at least {@code grain} and runs body(from, to) on each. */
  public void ranges(int n, int grain, RangeBody body) {
    int pieces = Math.max(1, Math.min(threads * 4, n / Math.max(1, grain)));
    if (pieces == 1 || threads == 1) {
      checkOpen();
      if (n > 0) {
        body.run(0, n);
      }
      return;
    }
    int each = n / pieces + (n % pieces == 0 ? 0 : 1);
    int width = each < 16 * ALIGN ? each : (each + ALIGN - 1) / ALIGN * ALIGN;
    forEach(
        pieces,
        p -> {
          long from = (long) p * width;
          long to = Math.min(n, from + width);
          if (from < to) {
            body.run((int) from, (int) to);
          }
        });
  }

  /** The body of a split loop. */
  @FunctionalInterface
  public interface RangeBody {
    void run(int from, int to);
  }

  /** Works on each job that it meets; between jobs it spins for a while, then sleeps. */
  private static final class Daemon extends Thread {
    private final Workers team;
    private volatile boolean asleep;

    Daemon(Workers team, int index) {
      super("engine-worker-" + index);
      setDaemon(true);
      this.team = team;
    }

    /** Called after the job was published: a daemon that missed it has said that it sleeps. */
    void wake() {
      if (asleep) {
        LockSupport.unpark(this);
      }
    }

    /** Waits until the thread is gone; an interruption is kept for the caller. */
    void end() {
      boolean interrupted = false;
      while (isAlive()) {
        try {
          join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void run() {
      long last = 0;
      while (true) {
        Job current = next(last);
        if (current == null) {
          return;
        }
        current.work();
        // A number and not the job itself, which would keep the caller's arrays alive.
        last = current.number;
      }
    }

    /** Null when the team is closed. */
    private @Nullable Job next(long last) {
      long since = System.nanoTime();
      while (true) {
        Job found = team.job;
        if (found != null && isNew(found, last)) {
          return found;
        }
        if (team.closed) {
          return null;
        }
        if (System.nanoTime() - since < SPIN_NANOS) {
          Thread.onSpinWait();
        } else {
          sleepAfter(last);
          since = System.nanoTime();
        }
      }
    }

    private void sleepAfter(long last) {
      asleep = true;
      while (!isNew(team.job, last) && !team.closed) {
        LockSupport.park(team);
      }
      asleep = false;
    }

    private static boolean isNew(@Nullable Job job, long last) {
      return job != null && job.number != last;
    }
  }
}
