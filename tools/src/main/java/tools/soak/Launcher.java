package tools.soak;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Starts programs as ranks of this machine's mpirun, as many as are wanted on however few cores.
 *
 * @param isOpenMpi whether it is Open MPI's, which wants to be told more
 */
public record Launcher(boolean isOpenMpi) {
  /** The mpirun of the path, where there is one. */
  public static Optional<Launcher> find() throws IOException, InterruptedException {
    String path = System.getenv().getOrDefault("PATH", "");
    boolean there =
        Stream.of(path.split(File.pathSeparator))
            .anyMatch(place -> Files.isExecutable(Path.of(place, "mpirun")));
    if (!there) {
      return Optional.empty();
    }
    Process asked = new ProcessBuilder("mpirun", "--version").redirectErrorStream(true).start();
    String said = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    asked.waitFor();
    return Optional.of(new Launcher(said.contains("Open MPI") || said.contains("OpenRTE")));
  }

  /** Its command line without ranks. */
  public List<String> words() {
    return isOpenMpi
        ? List.of("mpirun", "--allow-run-as-root", "--oversubscribe", "--bind-to", "none")
        : List.of("mpirun");
  }

  /** The command line of some ranks that all run one command. */
  public List<String> ranks(int count, List<String> command) {
    List<String> all = new ArrayList<>(words());
    all.addAll(List.of("-n", Integer.toString(count)));
    all.addAll(command);
    return all;
  }

  /**
   * The process of a rank, which its environment tells; nothing where it has not begun or has
   * ended.
   */
  public static Optional<ProcessHandle> rank(Child launcher, int rank) throws IOException {
    List<ProcessHandle> below =
        ProcessHandle.of(launcher.pid()).stream().flatMap(ProcessHandle::descendants).toList();
    for (ProcessHandle each : below) {
      if (isRank(each, rank)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  private static boolean isRank(ProcessHandle process, int rank) throws IOException {
    Path environment = Path.of("/proc", Long.toString(process.pid()), "environ");
    try {
      String said = "\0" + Files.readString(environment, StandardCharsets.ISO_8859_1);
      return said.contains("\0OMPI_COMM_WORLD_RANK=" + rank + "\0")
          || said.contains("\0PMI_RANK=" + rank + "\0");
    } catch (NoSuchFileException e) {
      return false;
    }
  }
}
