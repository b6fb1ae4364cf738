package engine.kernel;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the backend, once and in one place, among those that {@link BackendProvider}s offer:
 * {@code -Dengine.backend=auto|scalar|simd|opencl|...}, {@code -Dengine.simd.bits=128|256|512},
 * {@code -Dengine.threads=N}. {@code auto} takes SIMD where the incubating Vector API is present
 * and falls back to scalar loops with one log line that names the remedy; a choice made by name
 * that cannot be met is an error. Programs may set their own choice with {@link #configure}, or
 * open an {@link Engine} beside that of the process.
 *
 * <p>Each backend is probed when it opens (N18). One that does not keep the numeric contract is
 * never chosen by {@code auto}; chosen by name it works, and a warning says that it is approximate.
 */
public final class Backends {
  private static final Logger LOG = System.getLogger("engine");

  /** What {@code auto} tries, in this order; a device is named on purpose. */
  private static final List<String> AUTO = List.of("simd", "scalar");

  private static final ScopedValue<Kernels> OVERRIDE = ScopedValue.newInstance();

  private static volatile @Nullable Engine standard;

  /** What the probes found; a backend that nobody holds any more is forgotten. */
  private static final Map<Kernels, ProbeReport> REPORTS = new WeakHashMap<>();

  private Backends() {}

  /** The backend of this thread: the innermost {@link #with}, else the process-wide choice. */
  public static Kernels current() {
    return OVERRIDE.isBound() ? OVERRIDE.get() : standard();
  }

  /** The names that {@link #configure} and {@link Engine#open} take here: auto, then providers'. */
  public static List<String> names() {
    return Providers.find().names();
  }

  /**
   * What the probe found of a backend. Runs it where nobody has yet, so for a backend that came in
   * by {@link #with} at the first question.
   */
  public static ProbeReport report(Kernels kernels) {
    synchronized (REPORTS) {
      return REPORTS.computeIfAbsent(kernels, Probe::of);
    }
  }

  /** What the probe found of a backend, if it has been asked: of every one that was chosen. */
  public static Optional<ProbeReport> reported(Kernels kernels) {
    synchronized (REPORTS) {
      return Optional.ofNullable(REPORTS.get(kernels));
    }
  }

  /** Whether the backend of this thread keeps the numeric contract. */
  public static Fidelity fidelity() {
    return report(current()).fidelity();
  }

  /** Runs the body on a given backend. What it throws comes out as it is. */
  public static <T, X extends Throwable> T with(
      Kernels kernels, ScopedValue.CallableOp<? extends T, X> body) throws X {
    return ScopedValue.where(OVERRIDE, kernels).call(body);
  }

  /**
   * Sets the process-wide backend and closes the one before, whose kernels compute no more; {@code
   * threads} 0 means one per available processor.
   */
  public static synchronized Kernels configure(String backend, int threads) {
    Engine chosen = Engine.ofProcess(backend, threads);
    if (standard != null) {
      standard.close();
    }
    standard = chosen;
    return chosen.kernels();
  }

  private static Kernels standard() {
    Engine chosen = standard;
    if (chosen == null) {
      synchronized (Backends.class) {
        chosen = standard;
        if (chosen == null) {
          chosen =
              Engine.ofProcess(
                  System.getProperty("engine.backend", "auto"),
                  Integer.getInteger("engine.threads", 0));
          standard = chosen;
        }
      }
    }
    return chosen.kernels();
  }

  /** Opens a backend by name, for an engine that closes it. */
  static Kernels open(String backend, Workers workers) {
    Providers providers = Providers.find();
    if (backend.equalsIgnoreCase("auto")) {
      return auto(providers, workers);
    }
    Kernels kernels = open(providers.named(backend), workers);
    return closedOnFailure(kernels, () -> named(kernels));
  }

  /** The result of a body; where it fails, the backend that nobody gets is closed. */
  private static <T> T closedOnFailure(Kernels kernels, Supplier<T> body) {
    try {
      return body.get();
    } catch (RuntimeException | Error e) {
      try {
        kernels.close();
      } catch (RuntimeException second) {
        if (second != e) {
          e.addSuppressed(second);
        }
      }
      throw e;
    }
  }

  private static Kernels open(BackendProvider provider, Workers workers) {
    Providers.lack(provider)
        .ifPresent(lack -> {
          throw new IllegalArgumentException(
              "[backend] %s needs %s: %s".formatted(provider.name(), lack.what(), lack.remedy()));
        });
    return provider.open(workers);
  }

  private static Kernels auto(Providers providers, Workers workers) {
    List<Supplier<Kernels>> candidates = new ArrayList<>();
    for (String name : AUTO) {
      BackendProvider provider = providers.named(name);
      Optional<BackendProvider.Lack> lack = Providers.lack(provider);
      lack.ifPresent(l -> skipped(name, l));
      if (lack.isEmpty()) {
        candidates.add(() -> provider.open(workers));
      }
    }
    return firstExact(candidates);
  }

  /** Says what {@code auto} takes instead. */
  private static void skipped(String name, BackendProvider.Lack lack) {
    LOG.log(
        Level.WARNING,
        "%s loops: %s is absent; for %s %s"
            .formatted(AUTO.getLast(), lack.what(), name.toUpperCase(Locale.ROOT), lack.remedy()));
  }

  /** The first backend that keeps the contract; those before it are named in a warning each. */
  static Kernels firstExact(List<Supplier<Kernels>> candidates) {
    List<String> refused = new ArrayList<>();
    for (Supplier<Kernels> candidate : candidates) {
      Kernels kernels = candidate.get();
      ProbeReport report = closedOnFailure(kernels, () -> report(kernels));
      if (report.fidelity() == Fidelity.EXACT) {
        return kernels;
      }
      warn(report, "not chosen");
      kernels.close();
      refused.add(report.summary());
    }
    throw new IllegalStateException(
        "[backend] no backend keeps the numeric contract on this machine; one that is named"
            + " computes all the same: "
            + String.join("; ", refused));
  }

  /** A backend that was asked for by its name: approximate or not, it is used. */
  static Kernels named(Kernels kernels) {
    ProbeReport report = report(kernels);
    if (report.fidelity() == Fidelity.APPROXIMATE) {
      warn(report, "chosen by name, its results are not those of other machines");
    }
    return kernels;
  }

  private static void warn(ProbeReport report, String what) {
    LOG.log(
        Level.WARNING,
        "{0}; {1}. {2}",
        report.summary(),
        what,
        report.failures().stream().map(Object::toString).collect(Collectors.joining("; ")));
  }
}
