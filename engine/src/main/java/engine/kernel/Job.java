package engine.kernel;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** A loop that several threads share, each task of which runs once. */
final class Job {
  /** How long a caller spins for the last tasks before it leaves its core to whoever runs them. */
  private static final long AWAIT_NANOS = 50_000;

  /** Tells it from the one before. */
  final long number;

  private final int tasks;
  private final IntConsumer body;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger done = new AtomicInteger();
  private volatile @Nullable Thread waiter;
  private @Nullable Throwable failure;
  private int failed;

  Job(long number, int tasks, IntConsumer body) {
    this.number = number;
    this.tasks = tasks;
    this.body = body;
  }

  /** Runs tasks that nobody has claimed until there are none. */
  void work() {
    int i;
    while ((i = next.getAndIncrement()) < tasks) {
      try {
        body.accept(i);
      } catch (Throwable t) {
        fail(i, t);
      }
      if (done.incrementAndGet() == tasks) {
        LockSupport.unpark(waiter);
      }
    }
  }

  private synchronized void fail(int i, Throwable t) {
    if (failure == null || i < failed) {
      failure = t;
      failed = i;
    }
  }

  /** Spins, then sleeps until the last task is done; the last finisher sees the waiter. */
  void await() {
    long since = System.nanoTime();
    while (done.get() < tasks) {
      if (System.nanoTime() - since < AWAIT_NANOS) {
        Thread.onSpinWait();
      } else {
        waiter = Thread.currentThread();
        while (done.get() < tasks) {
          LockSupport.park(this);
        }
      }
    }
  }

  /** Throws what the task of the lowest index threw, if one did. */
  synchronized void rethrow() {
    switch (failure) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException("[workers] a task failed", failure);
    }
  }
}
