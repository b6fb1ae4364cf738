package tools.program;

import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;

/**
 * Ctrl-C as a wish to stop: long work asks {@link #getAsBoolean} between steps, saves and ends. The
 * Java machine waits for that before it goes down.
 *
 * <pre>{@code
 * try (StopSignal stop = StopSignal.install()) {
 *   while (!stop.getAsBoolean()) { step(); }
 *   save();
 * }
 * }</pre>
 */
public final class StopSignal implements BooleanSupplier, AutoCloseable {
  private final CountDownLatch finished = new CountDownLatch(1);
  private final Thread hook = new Thread(this::interrupted, "stop-signal");
  private volatile boolean stop;

  private StopSignal() {}

  public static StopSignal install() {
    StopSignal signal = new StopSignal();
    Runtime.getRuntime().addShutdownHook(signal.hook);
    return signal;
  }

  private void interrupted() {
    stop = true;
    System.err.println("\nstopping: the step under way is finished and saved");
    try {
      finished.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether the user asked to stop. */
  @Override
  public boolean getAsBoolean() {
    return stop;
  }

  @Override
  public void close() {
    finished.countDown();
    if (!stop) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // The machine is going down already; the latch lets the hook end.
      }
    }
  }
}
