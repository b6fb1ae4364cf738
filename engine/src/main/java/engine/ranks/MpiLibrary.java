package engine.ranks;

import engine.kernel.NativeSignals;
import java.io.File;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The library of MPI that this machine has: one of Open MPI 4 or 5, or one of MPICH's kin, whose
 * binary interface MPICH, Intel MPI and Cray's share. Nothing is linked; what the launcher belongs
 * to is looked for first.
 */
final class MpiLibrary {
  /** Names a library by its path, before all others. */
  static final String PROPERTY = "engine.mpi";

  private static final List<String> OPEN_MPI = List.of("libmpi.so.40", "libmpi.so");
  private static final List<String> MPICH = List.of("libmpich.so.12", "libmpi.so.12", "libmpi.so");

  /** Whether a machine calls native code and has the functions that are wanted below. */
  private static final Linker LINKER = Linker.nativeLinker();

  private final String name;
  private final SymbolLookup symbols;

  private MpiLibrary(String name, SymbolLookup symbols) {
    this.name = name;
    this.symbols = symbols;
  }

  String name() {
    return name;
  }

  SymbolLookup symbols() {
    return symbols;
  }

  /** Whether its handles are addresses, as Open MPI has them; those of MPICH are numbers. */
  boolean hasAddresses() {
    return symbols.find("ompi_mpi_comm_world").isPresent();
  }

  /**
   * The first that opens.
   *
   * @throws RanksException saying what to install or to name
   */
  static MpiLibrary open(Launch launch) {
    hints();
    List<String> tried = candidates(launch.by(), System.getProperty(PROPERTY), System.getenv());
    for (String each : tried) {
      // Loading runs what the library has to run first, which may take signals.
      Optional<SymbolLookup> found = NativeSignals.kept(() -> lookup(each));
      if (found.isPresent() && found.get().find("MPI_Init_thread").isPresent()) {
        return new MpiLibrary(each, found.get());
      }
    }
    throw new RanksException(
        "[ranks] the launcher started %d processes, and no MPI library is here (tried %s): install"
                .formatted(launch.count(), String.join(", ", tried))
            + " the one that the launcher belongs to, or name its library: JAVA_OPTS=-D"
            + PROPERTY
            + "=/path/to/libmpi.so");
  }

  /** Names and paths in the order in which they are tried. */
  static List<String> candidates(
      Launch.By by, @Nullable String named, Map<String, String> environment) {
    if (named != null && !named.isEmpty()) {
      return List.of(named);
    }
    List<String> names =
        switch (by) {
          case OPEN_MPI -> OPEN_MPI;
          case PMI -> MPICH;
          case SLURM -> List.of("libmpi.so.40", "libmpich.so.12", "libmpi.so.12", "libmpi.so");
        };
    List<String> all = new ArrayList<>();
    String launcher = by == Launch.By.PMI ? "mpiexec.hydra" : "mpirun";
    String places = environment.getOrDefault("PATH", "");
    besideLauncher(launcher, places)
        .forEach(folder -> names.forEach(n -> add(all, folder.resolve(n))));
    all.addAll(names);
    return all;
  }

  private static void add(List<String> all, Path library) {
    if (Files.isRegularFile(library)) {
      all.add(library.toString());
    }
  }

  /** The folders of libraries beside a launcher that lies where no loader looks. */
  private static List<Path> besideLauncher(String launcher, String places) {
    for (String place : places.split(File.pathSeparator)) {
      Path program = Path.of(place).resolve(launcher);
      if (!place.isEmpty() && Files.isExecutable(program)) {
        Path home = Path.of(place).toAbsolutePath().getParent();
        return home == null ? List.of() : List.of(home.resolve("lib"), home.resolve("lib64"));
      }
    }
    return List.of();
  }

  private static Optional<SymbolLookup> lookup(String library) {
    try {
      return Optional.of(
          library.contains("/")
              ? SymbolLookup.libraryLookup(Path.of(library), Arena.global())
              : SymbolLookup.libraryLookup(library, Arena.global()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /**
   * Says to what the libraries bring along, before it is there: hwloc needs no OpenCL driver to
   * count processors, and UCX no handlers of signals that the Java machine lives of. What the user
   * has set stays.
   */
  private static void hints() {
    setenv("HWLOC_COMPONENTS", "-opencl");
    setenv("UCX_ERROR_SIGNALS", "");
  }

  private static void setenv(String name, String value) {
    FunctionDescriptor types =
        FunctionDescriptor.of(
            ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
    Optional<MethodHandle> setenv =
        LINKER.defaultLookup().find("setenv").map(at -> LINKER.downcallHandle(at, types));
    if (setenv.isEmpty()) {
      return;
    }
    try (Arena arena = Arena.ofConfined()) {
      int unused =
          (int) setenv.get().invokeExact(arena.allocateFrom(name), arena.allocateFrom(value), 0);
    } catch (Throwable e) {
      throw new IllegalStateException("[ranks] setenv " + name, e);
    }
  }
}
