package tools.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/** The signal used is SIGTERM, for a test can be started with SIGINT ignored. */
class StopSignalTest {
  private static final Signal TERM = new Signal("TERM");
  private static final int NUMBER = 15;
  private static final SignalHandler NOBODY = signal -> {};

  private SignalHandler first;

  @BeforeEach
  void remember() {
    first = Signal.handle(TERM, NOBODY);
  }

  @AfterEach
  void giveBack() {
    try {
      Signal.handle(TERM, first);
    } catch (NullPointerException e) {
      // Forgotten before we came, by a driver that compiled in a test before.
      Signal.handle(TERM, SignalHandler.SIG_DFL);
    }
  }

  @Test
  void nobodySentOne() {
    try (StopSignal stop = StopSignal.install()) {
      assertFalse(stop.getAsBoolean());
      assertEquals(0, stop.exitCode());
    }
    assertSame(NOBODY, Signal.handle(TERM, NOBODY));
  }

  @Test
  void oneWaitsForTheWorkToSave() throws InterruptedException {
    try (StopSignal stop = StopSignal.install()) {
      stop.saving();
      Signal.raise(TERM);
      assertHeard(stop);
    }
  }

  @Test
  void aHandlerThatTheMachineForgotIsNoFault() throws Throwable {
    assumeTrue(isUnix(), "needs signal(3)");
    MemorySegment machines = nativeSignal(MemorySegment.NULL);
    assertNotEquals(0, machines.address());
    for (int i = 0; i < 3; i++) {
      // What a library does that takes the signal while nobody listens and gives it back after.
      Signal.handle(TERM, SignalHandler.SIG_DFL);
      nativeSignal(machines);
      try (StopSignal stop = StopSignal.install()) {
        assertFalse(stop.getAsBoolean());
      }
    }
  }

  private static void assertHeard(StopSignal stop) throws InterruptedException {
    Instant end = Instant.now().plus(Duration.ofSeconds(60));
    while (!stop.getAsBoolean() && Instant.now().isBefore(end)) {
      Thread.sleep(5);
    }
    assertTrue(stop.getAsBoolean());
    assertEquals(128 + NUMBER, stop.exitCode());
  }

  private static boolean isUnix() {
    return !System.getProperty("os.name").startsWith("Windows");
  }

  /** {@code signal(SIGTERM, handler)} of the C library: the handler before. */
  private static MemorySegment nativeSignal(MemorySegment handler) throws Throwable {
    MethodHandle signal =
        Linker.nativeLinker()
            .downcallHandle(
                function("signal"),
                FunctionDescriptor.of(
                    ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
    return (MemorySegment) signal.invokeExact(NUMBER, handler);
  }

  private static MemorySegment function(String name) {
    return Linker.nativeLinker().defaultLookup().findOrThrow(name);
  }
}
