package engine.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The handlers of the process's signals, kept over calls into native libraries that take them and
 * tell nobody. Of these handlers the Java machine lives: without that of SIGFPE an int division by
 * zero gives the dividend instead of an ArithmeticException. PoCL takes it, and LLVM, with which
 * OpenCL drivers compile, takes fourteen more, SIGINT and SIGTERM among them.
 *
 * <p>They are read and written back by the C library's {@code sigaction}, as bytes whose meaning
 * nobody here asks for; where there is no such function, as on Windows, nothing is done.
 */
public final class NativeSignals {
  /** Signals 1 to 64 are all that systems have; those that no handler may have are refused. */
  private static final int LAST = 64;

  /** More than the largest {@code struct sigaction}, which has 152 bytes on 64-bit Linux. */
  private static final int BYTES = 512;

  private static final Optional<MethodHandle> SIGACTION = sigaction();

  private NativeSignals() {}

  /** Runs something that may take signals, and gives them back to whom they belonged. */
  public static <T> T kept(Supplier<T> body) {
    if (SIGACTION.isEmpty()) {
      return body.get();
    }
    MethodHandle sigaction = SIGACTION.get();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment[] before = new MemorySegment[LAST + 1];
      for (int signal = 1; signal <= LAST; signal++) {
        MemorySegment handler = arena.allocate(BYTES, Long.BYTES);
        boolean read = call(sigaction, signal, MemorySegment.NULL, handler);
        before[signal] = read ? handler : MemorySegment.NULL;
      }
      try {
        return body.get();
      } finally {
        for (int signal = 1; signal <= LAST; signal++) {
          if (!before[signal].equals(MemorySegment.NULL)) {
            call(sigaction, signal, before[signal], MemorySegment.NULL);
          }
        }
      }
    }
  }

  /** {@code int sigaction(int signal, const struct sigaction *now, struct sigaction *before)}. */
  private static Optional<MethodHandle> sigaction() {
    try {
      Linker linker = Linker.nativeLinker();
      FunctionDescriptor types =
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS);
      return linker
          .defaultLookup()
          .find("sigaction")
          .map(address -> linker.downcallHandle(address, types));
    } catch (UnsupportedOperationException | IllegalCallerException e) {
      // A machine that calls no native code has no native libraries that could take signals.
      return Optional.empty();
    }
  }

  private static boolean call(
      MethodHandle sigaction, int signal, MemorySegment now, MemorySegment before) {
    try {
      return (int) sigaction.invokeExact(signal, now, before) == 0;
    } catch (Throwable e) {
      throw new IllegalStateException("[signals] sigaction of signal " + signal, e);
    }
  }
}
