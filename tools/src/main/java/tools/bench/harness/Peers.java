package tools.bench.harness;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Other libraries that can be measured beside ours. Each is built apart from the programs, by a
 * Maven profile of its name, and is put on the class path of its own processes alone.
 */
public final class Peers {
  private static final Map<String, String> MAIN = Map.of("djl", "tools.djl.DjlProcess");

  private Peers() {}

  /** What can be asked for. */
  public static List<String> names() {
    return List.copyOf(MAIN.keySet());
  }

  /**
   * How processes of a peer are started.
   *
   * @throws IOException saying how to get it where it has not been built
   */
  public static Launch launch(String name) throws IOException {
    return launch(name, home());
  }

  /** Looks in {@code tools/NAME/target}, where {@code tools} is the folder of that module. */
  static Launch launch(String name, Path tools) throws IOException {
    Path target = tools.resolve(name).resolve("target");
    List<Path> jars = jars(target);
    if (jars.isEmpty() || !Files.isDirectory(target.resolve("lib"))) {
      throw new IOException(
          "[bench] the peer %s is not built (looked in %s). It is no part of the programs; to get it:"
                  .formatted(name, target)
              + " mvn -B -q -P%s -DskipTests package".formatted(name));
    }
    String classPath =
        Stream.concat(jars.stream(), Stream.of(target.resolve("lib").resolve("*")))
            .map(Path::toString)
            .collect(Collectors.joining(File.pathSeparator));
    String ours = System.getProperty("java.class.path");
    return new Launch(
        MAIN.get(name), classPath + File.pathSeparator + ours, Map.of("ai.djl.offline", "true"));
  }

  private static List<Path> jars(Path target) throws IOException {
    if (!Files.isDirectory(target)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(target)) {
      return files.filter(f -> f.getFileName().toString().matches("tools-.*[0-9T]\\.jar")).toList();
    }
  }

  /** The folder of the module that this class was built in: its jar or classes are in target. */
  private static Path home() throws IOException {
    try {
      Path place = Path.of(Peers.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return place.toAbsolutePath().getParent().getParent();
    } catch (URISyntaxException e) {
      throw new IOException("[bench] where the programs lie cannot be told", e);
    }
  }
}
