package medsora.train.manifest;

import engine.kernel.Backends;
import engine.kernel.Kernels;
import engine.kernel.ProbeReport;
import engine.kernel.SimdWidth;
import engine.numeric.NumericContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What something was computed by.
 *
 * @param build version and hash of the classes
 * @param contract version of the numeric contract
 * @param backend its name, width of vectors (0: the processor's own), and what its probe found
 * @param fidelity of the backend: {@code exact} or {@code approximate}; empty where that was not
 *     asked, and in older files
 * @param machine processor, cores, system and Java
 */
public record Made(
    SortedMap<String, String> build,
    int contract,
    SortedMap<String, String> backend,
    String fidelity,
    SortedMap<String, String> machine) {
  private static final Path CPUS = Path.of("/proc/cpuinfo");

  /** The name of the hash of the classes within {@link #build}. */
  public static final String CLASSES = "classes_sha256";

  /** By this process. */
  public static Made here() {
    Kernels kernels = Backends.current();
    // Kernels that somebody brought along are not probed for a manifest alone.
    Optional<ProbeReport> probe = Backends.reported(kernels);
    SortedMap<String, String> backend = new TreeMap<>();
    backend.put("name", kernels.name());
    backend.put("vector_bits", Integer.toString(SimdWidth.bits()));
    backend.put("probe", probe.map(ProbeReport::summary).orElse("not asked"));
    return new Made(
        Build.describe(),
        NumericContract.VERSION,
        backend,
        probe.map(found -> found.fidelity().toString()).orElse(""),
        here(processor()));
  }

  private static SortedMap<String, String> here(String processor) {
    SortedMap<String, String> all = new TreeMap<>();
    all.put("processor", processor);
    all.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
    all.put("system", properties("os.name", "os.version", "os.arch"));
    all.put("java", properties("java.version", "java.vendor"));
    return all;
  }

  private static String properties(String... names) {
    List<String> values = new ArrayList<>();
    for (String name : names) {
      values.add(System.getProperty(name, "unknown"));
    }
    return String.join(" ", values);
  }

  private static String processor() {
    try {
      for (String line : Files.readAllLines(CPUS)) {
        if (line.startsWith("model name") && line.indexOf(':') > 0) {
          return line.substring(line.indexOf(':') + 1).strip();
        }
      }
    } catch (IOException e) {
      // Not Linux: the architecture stands for it.
    }
    return System.getProperty("os.arch", "unknown");
  }

  /** Whether it followed other rules of arithmetic; where it does not say, it did not. */
  public boolean isOfOtherContract(Made other) {
    return contract != 0 && contract != other.contract;
  }

  /**
   * In what this differs from another, as far as results may depend on it. What it does not say, as
   * older manifests, does not differ.
   */
  public List<String> differences(Made other) {
    List<String> lines = new ArrayList<>();
    if (isOfOtherContract(other)) {
      lines.add("numeric contract: there version %d, here %d".formatted(contract, other.contract));
    }
    if (!build.isEmpty() && !Objects.equals(build.get(CLASSES), other.build.get(CLASSES))) {
      lines.add("build: there %s, here %s".formatted(words(build), words(other.build)));
    }
    if (fidelity.equals("approximate") || other.fidelity.equals("approximate")) {
      lines.add(
          "backend: there %s, here %s".formatted(backend.get("probe"), other.backend.get("probe")));
    }
    return lines;
  }

  private static String words(SortedMap<String, String> build) {
    String hash = build.getOrDefault(CLASSES, "unknown");
    return "%s (classes %s)"
        .formatted(
            build.getOrDefault("version", "unknown"),
            hash.substring(0, Math.min(12, hash.length())));
  }

  Map<String, Object> tree() {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("build", build);
    tree.put("numeric_contract", contract);
    tree.put("numeric_fidelity", fidelity);
    tree.put("backend", backend);
    tree.put("machine", machine);
    return tree;
  }

  static Made read(Fields f) throws IOException {
    return new Made(
        f.texts("build"),
        f.count("numeric_contract"),
        f.texts("backend"),
        f.text("numeric_fidelity", ""),
        f.texts("machine"));
  }
}
