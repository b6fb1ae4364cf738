package engine.kernel;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Locale;
import java.util.concurrent.Callable;

/**
 * Chooses the backend, once and in one place: {@code -Dengine.backend=auto|scalar|simd}, {@code
 * -Dengine.simd.bits=128|256|512}, {@code -Dengine.threads=N}. {@code auto} takes SIMD where the
 * incubating Vector API is present and falls back to scalar loops with one log line that names the
 * remedy; a choice made by name that cannot be met is an error. Programs may set their own choice
 * with {@link #configure}.
 */
public final class Backends {
  private static final Logger LOG = System.getLogger("engine");
  private static final String REMEDY = "add --add-modules jdk.incubator.vector to the java command";
  private static final ScopedValue<Kernels> OVERRIDE = ScopedValue.newInstance();

  private static volatile Kernels standard;

  private Backends() {}

  /** The backend of this thread: the innermost {@link #with}, else the process-wide choice. */
  public static Kernels current() {
    return OVERRIDE.isBound() ? OVERRIDE.get() : standard();
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
      case "scalar" -> open("engine.kernel.scalar.ScalarKernels", workers);
      case "simd" -> simd(workers);
      case "auto" -> auto(workers);
      default ->
          throw new IllegalArgumentException(
              "[backend] unknown backend '" + backend + "': choose auto, scalar or simd");
    };
  }

  private static Kernels auto(Workers workers) {
    if (hasVectorModule()) {
      return simd(workers);
    }
    LOG.log(Level.WARNING, "scalar loops: the Vector API is absent; for SIMD " + REMEDY);
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
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("[backend] " + className + " could not be opened", e);
    }
  }

  private static boolean hasVectorModule() {
    return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
  }
}
