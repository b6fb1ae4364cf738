import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How many calls lie between the user's call of an op and the work, met in a process at work. */
final class Ways {
  private final Sources sources;
  private final List<Methods.Method> methods;

  /**
   * @param methods of the sources, which say what just hands on
   */
  Ways(Sources sources, List<Methods.Method> methods) {
    this.sources = sources;
    this.methods = methods;
  }

  /** A way from the user's call to a class. */
  private record Hop(int calls, String to) {
    @Override
    public String toString() {
      return calls + ", to " + to;
    }
  }

  /** Calls from the user's to the first in the class that does the work, the longest way met. */
  Map<String, String> rows() throws IOException, InterruptedException {
    Map<String, String> rows = new LinkedHashMap<>();
    List<String> ops = List.of("conv3d", "matmul", "layerNorm", "ssdScan", "windowedAttention");
    ops.forEach(op -> rows.put("hops of " + op, "not built"));
    Path classes = classes();
    if (!Files.isDirectory(classes)) {
      return rows;
    }
    // A frame tells no overloads apart: all of them must hand on.
    Set<String> forwarding = named(methods.stream().filter(Methods.Method::forwards));
    forwarding.removeAll(named(methods.stream().filter(m -> m.lines() > 0 && !m.forwards())));
    List<String> looks = output(classes + File.pathSeparator + libraries());
    for (String op : ops) {
      rows.put(
          "hops of " + op,
          looks.stream()
              .filter(look -> look.startsWith(op + " "))
              .map(look -> hops(Arrays.asList(look.split(" ")), forwarding))
              .max(Comparator.comparingInt(Hop::calls))
              .map(Hop::toString)
              .orElse("not met at work"));
    }
    return rows;
  }

  private static Set<String> named(Stream<Methods.Method> methods) {
    return methods
        .map(m -> m.unit().packageName() + "." + m.type() + "#" + m.name())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Where a build of the checkout leaves the engine's classes. */
  private Path classes() {
    return sources.root().resolve("engine/target/classes");
  }

  /** What the engine needs beside itself: where the build puts it, or a class path of one's own. */
  private String libraries() {
    return System.getProperty("house.libraries", sources.root().resolve("tools/target/lib") + "/*");
  }

  private static List<String> output(String classPath) throws IOException, InterruptedException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    Process process =
        new ProcessBuilder(
                java.toString(),
                "--add-modules=jdk.incubator.vector",
                "-Dengine.threads=1",
                "-cp",
                classPath,
                here().resolve("Hops.java").toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    List<String> lines = new String(process.getInputStream().readAllBytes()).lines().toList();
    process.waitFor(1, TimeUnit.MINUTES);
    return lines;
  }

  private static Path here() {
    String launched = System.getProperty("jdk.launcher.sourcefile");
    return launched == null ? Path.of("docs/house") : Path.of(launched).getParent();
  }

  /**
   * The number of calls between the user's and the first one in the class that does the work: that
   * of the first method inside a backend that does not just hand on what it was given.
   *
   * @param look the op, then the frames
   */
  private static Hop hops(List<String> look, Set<String> forwarding) {
    List<String> frames = look.subList(1, look.size());
    for (String frame : frames) {
      // Asking for memory is no work.
      if (!frame.endsWith("#allocate")
          && frame.matches("engine\\.kernel\\.(scalar|simd)\\..*")
          && !forwarding.contains(frame)) {
        String worker = frame.substring(0, frame.indexOf('#') + 1);
        int first = 0;
        while (!frames.get(first).startsWith(worker)) {
          first++;
        }
        String name = worker.substring(worker.lastIndexOf('.') + 1, worker.length() - 1);
        return new Hop(first, name);
      }
    }
    return new Hop(0, "nowhere");
  }
}
