package engine.testing;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** A class's main in a Java machine of its own, where the surroundings are to be others. */
public final class ChildMachine {
  private static final long PATIENCE_SECONDS = 300;

  private final List<String> options = new ArrayList<>();
  private final Map<String, String> environment;
  private Predicate<String> without = entry -> false;

  /**
   * @param environment what it has beside that of this process
   */
  public ChildMachine(Map<String, String> environment, String... options) {
    this.environment = environment;
    this.options.addAll(List.of(options));
  }

  /** Leaves entries of the class path out whose file name begins so. */
  public ChildMachine without(String beginning) {
    without = entry -> new File(entry).getName().startsWith(beginning);
    return this;
  }

  /**
   * Runs it to its end.
   *
   * @return all that it said on both streams
   * @throws IOException with that, if it failed or took too long
   */
  public String run(Class<?> main) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>();
    words.add(String.join(File.separator, System.getProperty("java.home"), "bin", "java"));
    words.addAll(options);
    words.add("-cp");
    words.add(
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(without.negate())
            .collect(Collectors.joining(File.pathSeparator)));
    words.add(main.getName());
    File log = File.createTempFile("child", ".log");
    try {
      ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
      builder.environment().putAll(environment);
      Process process = builder.redirectOutput(log).start();
      boolean over = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (!over) {
        process.destroyForcibly().waitFor();
      }
      String said = Files.readString(log.toPath(), StandardCharsets.UTF_8);
      if (!over || process.exitValue() != 0) {
        throw new IOException(
            main.getSimpleName() + (over ? " failed" : " takes too long") + "; it said:\n" + said);
      }
      return said;
    } finally {
      if (!log.delete()) {
        log.deleteOnExit();
      }
    }
  }
}
