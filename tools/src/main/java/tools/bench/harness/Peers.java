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
 * What can be measured beside ours: other libraries, each built apart from the programs, by a Maven
 * profile of its name, and put on the class path of its own processes alone; and other builds.
 */
public final class Peers {
  private static final Map<String, String> MAIN = Map.of("djl", "tools.djl.DjlProcess");

  private Peers() {}

  /** What can be asked for. */
  public static List<String> names() {
    return List.copyOf(MAIN.keySet());
  }

  /**
   * A library.
   *
   * @throws IOException saying how to get it where it has not been built
   */
  public static Rival library(String name) throws IOException {
    return new Rival(name, launch(name, home()), false);
  }

  /**
   * Another build of this program, whose rows have the same names.
   *
   * @param checkout folder that was built in
   * @param properties of the engine
   * @throws IOException saying how to get it where it has not been built
   */
  public static Rival build(Path checkout, Map<String, String> properties) throws IOException {
    Path target = checkout.resolve("tools").resolve("target").toAbsolutePath();
    List<Path> jars = jars(target);
    if (jars.isEmpty() || !Files.isDirectory(target.resolve("lib"))) {
      throw new IOException(
          "[bench] %s is no checkout that was built (looked in %s): mvn -B -q -DskipTests package there"
              .formatted(checkout, target));
    }
    Launch launch = new Launch(RowProcess.class.getName(), classPath(target, jars), properties);
    return new Rival("the build in " + checkout, launch, true);
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
    String ours = System.getProperty("java.class.path");
    return new Launch(
        MAIN.get(name),
        classPath(target, jars) + File.pathSeparator + ours,
        Map.of("ai.djl.offline", "true"));
  }

  private static String classPath(Path target, List<Path> jars) {
    return Stream.concat(jars.stream(), Stream.of(target.resolve("lib").resolve("*")))
        .map(Path::toString)
        .collect(Collectors.joining(File.pathSeparator));
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
