package tools.program;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;

/**
 * Ctrl-C (SIGINT) and SIGTERM as a wish to stop: long work asks {@link #getAsBoolean} between
 * steps, saves and ends with {@link #exitCode}. Before {@link #saving} and after {@link #saved}
 * there is nothing to save, and a signal ends the program at once; so does a second signal, which
 * does no more harm than a power failure.
 *
 * <pre>{@code
 * try (StopSignal stop = StopSignal.install()) {
 *   stop.saving();
 *   while (!stop.getAsBoolean()) { step(); }
 *   save();
 *   stop.saved();
 * }
 * }</pre>
 *
 * <p>Signals are taken through {@code sun.misc.Signal}, reached by name, for no other class of the
 * platform can see a second one. Where it is missing a shutdown hook takes its place: the machine
 * then waits for the work to end.
 *
 * <p>Native libraries take signals too and tell nobody; what opens OpenCL drivers gives them back
 * ({@link engine.kernel.NativeSignals}).
 */
public final class StopSignal implements BooleanSupplier, AutoCloseable {
  private static final int FAILED = 128;
  private static final int INTERRUPT = 2;

  private final CountDownLatch finished = new CountDownLatch(1);
  private final Map<Object, Object> before = new LinkedHashMap<>();
  private Method handle;
  private Thread hook;
  private boolean saving;
  private volatile int signal;

  private StopSignal() {}

  /** Takes the signals until it is closed. */
  public static StopSignal install() {
    StopSignal stop = new StopSignal();
    try {
      stop.handle();
    } catch (ReflectiveOperationException | RuntimeException e) {
      stop.hook = new Thread(stop::goingDown, "stop-signal");
      Runtime.getRuntime().addShutdownHook(stop.hook);
    }
    return stop;
  }

  private void handle() throws ReflectiveOperationException {
    Class<?> type = Class.forName("sun.misc.Signal");
    Class<?> handler = Class.forName("sun.misc.SignalHandler");
    Method number = type.getMethod("getNumber");
    InvocationHandler calls =
        (proxy, method, arguments) ->
            switch (method.getName()) {
              case "handle" -> {
                received((int) number.invoke(arguments[0]));
                yield null;
              }
              case "hashCode" -> System.identityHashCode(proxy);
              case "equals" -> proxy == arguments[0];
              default -> "StopSignal";
            };
    handle = type.getMethod("handle", type, handler);
    Object ours =
        Proxy.newProxyInstance(StopSignal.class.getClassLoader(), new Class<?>[] {handler}, calls);
    for (String name : List.of("INT", "TERM")) {
      Object each = type.getConstructor(String.class).newInstance(name);
      before.put(each, handle.invoke(null, each, ours));
    }
  }

  private void received(int number) {
    boolean again;
    boolean wait;
    synchronized (this) {
      again = signal != 0;
      wait = saving;
      signal = number;
    }
    if (again) {
      System.err.println("stopped at once; what was saved before is whole");
      Runtime.getRuntime().halt(FAILED + number);
    }
    if (!wait) {
      System.err.println("stopped; there was nothing to save");
      System.exit(FAILED + number);
    }
    System.err.println(
        "\nstopping: the step under way is finished and saved (once more: stop at once)");
  }

  private void goingDown() {
    synchronized (this) {
      if (!saving) {
        return;
      }
      signal = INTERRUPT;
    }
    System.err.println("\nstopping: the step under way is finished and saved");
    try {
      finished.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** From now on a signal waits for the work to save. */
  public synchronized void saving() {
    saving = true;
  }

  /** From now on a signal ends the program at once again. */
  public synchronized void saved() {
    saving = false;
  }

  /** Whether the user asked to stop. */
  @Override
  public boolean getAsBoolean() {
    return signal != 0;
  }

  /** Whether the user asks to stop, now or within some time. */
  public boolean comes(int millis) {
    long end = System.nanoTime() + millis * 1_000_000L;
    while (signal == 0 && System.nanoTime() < end) {
      try {
        Thread.sleep(5);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      }
    }
    return signal != 0;
  }

  /** 130 after Ctrl-C, 143 after SIGTERM, as shells have it; 0 where nobody asked to stop. */
  public int exitCode() {
    int number = signal;
    return number == 0 ? 0 : FAILED + number;
  }

  @Override
  public void close() {
    saved();
    finished.countDown();
    before.forEach(this::give);
    if (hook != null && signal == 0) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // The machine is going down already; the latch lets the hook end.
      }
    }
  }

  /**
   * Gives a signal back to its handler. That can be empty: where a native library took the signal
   * and gave it back, the machine has forgotten whose it was. Ours then stays, which ends the
   * program at once, as that one did.
   */
  private void give(Object each, Object handler) {
    try {
      handle.invoke(null, each, handler);
    } catch (InvocationTargetException e) {
      if (!(e.getCause() instanceof NullPointerException)) {
        throw new IllegalStateException("[stop] " + each, e);
      }
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("[stop] " + each, e);
    }
  }
}
