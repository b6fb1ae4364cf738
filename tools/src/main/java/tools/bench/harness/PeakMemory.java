package tools.bench.harness;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import tools.report.Machine;

/** The most memory that this process ever held. */
public final class PeakMemory {
  private PeakMemory() {}

  /** Resident bytes (VmHWM); where there is no Linux, the peaks of Java's own pools. */
  public static long bytes() {
    return Machine.peakBytes(ProcessHandle.current().pid()).orElseGet(PeakMemory::pools);
  }

  private static long pools() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .map(MemoryPoolMXBean::getPeakUsage)
        .mapToLong(usage -> usage.getUsed())
        .sum();
  }
}
