package engine.kernel;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Chooses the backend, once and in one place: {@code -Dengine.backend=auto|scalar|simd|opencl},
 * {@code -Dengine.simd.bits=128|256|512}, {@code -Dengine.threads=N}. {@code auto} takes SIMD where
 * the incubating Vector API is present and falls back to scalar loops with one log line that names
 * the remedy; a choice made by name that cannot be met is an error. Programs may set their own
 * choice with {@link #configure}.
 *
 * <p>Each backend is probed when it opens (N18). One that does not keep the numeric contract is
 * never chosen by {@code auto}; chosen by name it works, and a warning says that it is approximate.
 */
public final class Backends {
  private static final Logger LOG = System.getLogger("engine");
  private static final String REMEDY = "add --add-modules jdk.incubator.vector to the java command";
  private static final ScopedValue<Kernels> OVERRIDE = ScopedValue.newInstance();

  private static volatile Kernels standard;

  /** What the probes found; a backend that nobody holds any more is forgotten. */
  private static final Map<Kernels, ProbeReport> REPORTS = new WeakHashMap<>();

  private Backends() {}

  /** The backend of this thread: the innermost {@link #with}, else the process-wide choice. */
  public static Kernels current() {
    return OVERRIDE.isBound() ? OVERRIDE.get() : standard();
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

  /** Whether the backend of this thread keeps the numeric contract. */
  public static Fidelity fidelity() {
    return report(current()).fidelity();
  }

  /** Runs the body on a given backend. */
  public static <T> T with(Kernels kernels, Callable<T> body) {
    try {
      return ScopedValue.where(OVERRIDE, kernels).call(body::call);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Sets the process-wide backend; {@code threads} 0 means one per available processor. */
  public static synchronized Kernels configure(String backend, int threads) {
    standard = create(backend, threads);
    return standard;
  }

  private static Kernels standard() {
    Kernels chosen = standard;
    if (chosen == null) {
      synchronized (Backends.class) {
        chosen = standard;
        if (chosen == null) {
          chosen =
              create(
                  System.getProperty("engine.backend", "auto"),
                  Integer.getInteger("engine.threads", 0));
          standard = chosen;
        }
      }
    }
    return chosen;
  }

  /** Opens a backend by name. */
  public static Kernels create(String backend, int threads) {
    if (threads < 0) {
      throw new IllegalArgumentException("[backend] threads must be positive, got " + threads);
    }
    Workers workers =
        new Workers(threads == 0 ? Runtime.getRuntime().availableProcessors() : threads);
    return switch (backend.toLowerCase(Locale.ROOT)) {
      case "scalar" -> named(scalar(workers));
      case "simd" -> named(simd(workers));
      case "opencl" -> named(open("engine.kernel.opencl.OpenClKernels", workers));
      case "auto" -> auto(workers);
      default ->
          throw new IllegalArgumentException(
              "[backend] unknown backend '" + backend + "': choose auto, scalar, simd or opencl");
    };
  }

  private static Kernels auto(Workers workers) {
    if (hasVectorModule()) {
      return firstExact(List.of(() -> simd(workers), () -> scalar(workers)));
    }
    LOG.log(Level.WARNING, "scalar loops: the Vector API is absent; for SIMD " + REMEDY);
    return firstExact(List.of(() -> scalar(workers)));
  }

  /** The first backend that keeps the contract; those before it are named in a warning each. */
  static Kernels firstExact(List<Supplier<Kernels>> candidates) {
    List<String> refused = new ArrayList<>();
    for (Supplier<Kernels> candidate : candidates) {
      Kernels kernels = candidate.get();
      ProbeReport report = report(kernels);
      if (report.fidelity() == Fidelity.EXACT) {
        return kernels;
      }
      warn(report, "not chosen");
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

  private static Kernels scalar(Workers workers) {
    return open("engine.kernel.scalar.ScalarKernels", workers);
  }

  private static Kernels simd(Workers workers) {
    if (!hasVectorModule()) {
      throw new IllegalArgumentException("[backend] simd needs the Vector API: " + REMEDY);
    }
    return open("engine.kernel.simd.SimdKernels", workers);
  }

  /** By name: this package is the contract and must not import who fulfils it. */
  private static Kernels open(String className, Workers workers) {
    try {
      return (Kernels) Class.forName(className).getConstructor(Workers.class).newInstance(workers);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException said) {
        throw said;
      }
      throw new IllegalStateException("[backend] " + className + " could not be opened", e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("[backend] " + className + " could not be opened", e);
    }
  }

  private static boolean hasVectorModule() {
    return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
  }
}
