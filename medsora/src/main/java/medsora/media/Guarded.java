package medsora.media;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs code that may never return on a thread of its own. After a timeout the thread is left behind
 * as a daemon, since Java has no way to stop it.
 */
public final class Guarded implements AutoCloseable {
  private final ExecutorService thread;
  private final String name;
  private final int seconds;
  private boolean stuck;

  /**
   * Prepares a thread.
   *
   * @param name what is read, for messages
   * @param seconds longest wait for one call
   */
  public Guarded(String name, int seconds) {
    this.name = name;
    this.seconds = seconds;
    this.thread =
        Executors.newSingleThreadExecutor(
            task -> Thread.ofPlatform().daemon().name("decoder " + name).unstarted(task));
  }

  /** Calls and waits; what the call throws is thrown here. */
  public <T> T call(Callable<T> task) throws IOException {
    if (stuck) {
      throw new VideoException(name, "its decoder hangs");
    }
    try {
      return thread.submit(task).get(seconds, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      stuck = true;
      throw new StuckDecoderException(name, seconds);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new VideoException(name, "interrupted while decoding", e);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException cause -> throw cause;
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        case null, default -> throw new VideoException(name, "decoding failed", e);
      }
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
