package tools.report;

import engine.kernel.Backends;
import engine.kernel.simd.SimdKernels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/** What a run ran on. */
public final class Machine {
  private static final Path CPUS = Path.of("/proc/cpuinfo");
  private static final String KILOBYTES = " kB";

  private Machine() {}

  /** Names and values, the same on each run on one machine. */
  public static Map<String, String> describe() {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("processor", field(CPUS, "model name", "unknown"));
    all.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
    all.put(
        "system",
        System.getProperty("os.name")
            + " "
            + System.getProperty("os.version")
            + " "
            + System.getProperty("os.arch"));
    all.put("java", System.getProperty("java.version") + " " + System.getProperty("java.vendor"));
    all.put("backend", Backends.current().getClass().getSimpleName());
    all.put("simd bits", simdBits());
    all.put("heap limit", gigabytes(Runtime.getRuntime().maxMemory()));
    return all;
  }

  /** The most memory that this process ever held (VmHWM), or "unknown" where Linux is not there. */
  public static String peakMemory() {
    OptionalLong bytes = peakBytes(ProcessHandle.current().pid());
    return bytes.isPresent() ? gigabytes(bytes.getAsLong()) : "unknown";
  }

  /**
   * The most bytes that a process ever held (VmHWM); none where it is over or Linux is not there.
   */
  public static OptionalLong peakBytes(long pid) {
    String held = field(Path.of("/proc", Long.toString(pid), "status"), "VmHWM", "");
    return held.endsWith(KILOBYTES)
        ? OptionalLong.of(
            1024 * Long.parseLong(held.substring(0, held.length() - KILOBYTES.length())))
        : OptionalLong.empty();
  }

  /** Asks the backend only where it runs: its class wants the Vector API. */
  private static String simdBits() {
    return Backends.current().name().equals("simd") ? "" + SimdKernels.vectorBits() : "none";
  }

  private static String gigabytes(long bytes) {
    return String.format(Locale.ROOT, "%.2f GB", bytes / 1e9);
  }

  private static String field(Path file, String name, String otherwise) {
    try {
      for (String line : Files.readAllLines(file)) {
        int colon = line.indexOf(':');
        if (colon > 0 && line.substring(0, colon).strip().equals(name)) {
          return line.substring(colon + 1).strip();
        }
      }
    } catch (IOException e) {
      // Not Linux, or the process is over: the caller's other word stands.
    }
    return otherwise;
  }
}
