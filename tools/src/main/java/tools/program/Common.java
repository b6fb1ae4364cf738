package tools.program;

import engine.kernel.Backends;
import engine.kernel.SimdWidth;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** Options of every program. */
public final class Common {
  /** After the options of the program itself. */
  private static final int LAST = 1000;

  /** The backends that are on the class path, for the help. */
  static final class Names implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Backends.names().iterator();
    }
  }

  @Option(
      names = "--backend",
      order = LAST,
      paramLabel = "NAME",
      completionCandidates = Names.class,
      description = "${COMPLETION-CANDIDATES}; all give the same bits (default: auto)")
  String backend;

  @Option(
      names = "--threads",
      order = LAST,
      paramLabel = "N",
      description = "threads that compute (default: one per processor); no result depends on it")
  Integer threads;

  @Option(
      names = "--simd-bits",
      order = LAST,
      paramLabel = "BITS",
      description = "vector width, 128, 256 or 512 (default: the processor's own)")
  Integer simdBits;

  @Option(
      names = "--debug",
      order = LAST,
      description = "on failure, print where in the program it happened")
  boolean debug;

  /** Makes the choice; called once before anything computes. */
  void apply() {
    if (threads != null && threads < 1) {
      throw new IllegalArgumentException("--threads wants at least 1, got " + threads);
    }
    if (simdBits != null) {
      if (!List.of(128, 256, 512).contains(simdBits)) {
        throw new IllegalArgumentException("--simd-bits wants 128, 256 or 512, got " + simdBits);
      }
      SimdWidth.configure(simdBits);
    }
    // Without an option the engine's property of the same meaning keeps its say.
    String name = backend == null ? System.getProperty("engine.backend", "auto") : backend;
    Backends.configure(name, count());
  }

  private int count() {
    return threads == null ? Integer.getInteger("engine.threads", 0) : threads;
  }

  /** How many threads compute. */
  int threads() {
    return count() == 0 ? Runtime.getRuntime().availableProcessors() : count();
  }

  /** The choice as properties of the engine, for other processes; threads apart. */
  Map<String, String> properties() {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("engine.backend", Backends.current().name());
    if (SimdWidth.bits() != 0) {
      all.put("engine.simd.bits", Integer.toString(SimdWidth.bits()));
    }
    return all;
  }
}
