package tools.soak;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program in a Java machine of its own, all that it says in a file. */
public final class Child implements AutoCloseable {
  private static final List<String> MACHINE =
      List.of(
          "--add-modules",
          "jdk.incubator.vector",
          "--enable-native-access=ALL-UNNAMED",
          "-XX:+UseSerialGC",
          "-XX:-UsePerfData");

  private final Process process;
  private final Path log;
  private final long started = System.nanoTime();

  private Child(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /** The command line of a program, with this machine's Java and classes. */
  public static List<String> command(Class<?> program, List<String> java, List<String> arguments) {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(MACHINE);
    words.addAll(java);
    words.add("-cp");
    words.add(System.getProperty("java.class.path"));
    words.add(program.getName());
    words.addAll(arguments);
    return words;
  }

  /** Starts a command; what it says on both streams replaces {@code log}. */
  public static Child start(List<String> command, Path log) throws IOException {
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    return new Child(process, log);
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Seconds since it was started. */
  public double age() {
    return (System.nanoTime() - started) * 1e-9;
  }

  /** kill -9: the process gets to do nothing more. Returns when it is gone. */
  public void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /**
   * Waits for the end.
   *
   * @return its exit code
   * @throws IOException with what it said, where it is not over in time
   */
  public int end(long seconds) throws IOException, InterruptedException {
    if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
      kill();
      throw new IOException("[soak] not over after " + seconds + " s; it said:\n" + said());
    }
    return process.exitValue();
  }

  /** What it said so far. */
  public String said() throws IOException {
    return Files.readString(log, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
