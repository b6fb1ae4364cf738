package tools.bench.harness;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import tools.bench.Task;

/** Repeats a task inside its process: until it is warm, then sample by sample. */
final class Repeater {
  /** Shorter samples would measure the clock and the scheduler. */
  private static final double SAMPLE = 0.03;

  /** Neighbouring samples of a warm task differ by less. */
  private static final double STABLE = 0.03;

  private static final int NEIGHBOURS = 3;

  /** Code that the compiler has not reached yet is slow, but steady: agreement counts later. */
  private static final double EARLY = 1.0 / 3;

  private final Task task;

  Repeater(Task task) {
    this.task = task;
  }

  /**
   * Repeats until the last samples agree, for a third of some seconds at least and no longer than
   * all of them; once in any case.
   *
   * @return whether they agree
   */
  boolean warm(double limit) {
    long started = System.nanoTime();
    double[] last = new double[NEIGHBOURS];
    for (int n = 0; n == 0 || Task.since(started) < limit; n++) {
      last[n % NEIGHBOURS] = batch(task::warmUp);
      if (n >= 2 * NEIGHBOURS && Task.since(started) > EARLY * limit && agree(last)) {
        return true;
      }
    }
    return false;
  }

  private static boolean agree(double[] last) {
    double low = Math.min(last[0], Math.min(last[1], last[2]));
    double high = Math.max(last[0], Math.max(last[1], last[2]));
    return high - low < STABLE * low;
  }

  private static double batch(Runnable body) {
    long started = System.nanoTime();
    int n = 0;
    do {
      body.run();
      n++;
    } while (Task.since(started) < SAMPLE);
    return Task.since(started) / n;
  }

  Sample sample() {
    double before = collecting();
    long started = System.nanoTime();
    double sum = 0;
    int n = 0;
    do {
      sum += task.seconds();
      n++;
    } while (Task.since(started) < SAMPLE);
    return new Sample(sum / n, Task.since(started), collecting() - before);
  }

  private static double collecting() {
    double millis = 0;
    for (GarbageCollectorMXBean bean : ManagementFactory.getGarbageCollectorMXBeans()) {
      millis += Math.max(0, bean.getCollectionTime());
    }
    return millis * 1e-3;
  }
}
