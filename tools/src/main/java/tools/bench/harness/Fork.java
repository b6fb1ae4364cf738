package tools.bench.harness;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A row in a process of its own; see {@link Service} for what is said. */
final class Fork implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 60;

  private final Process process;
  private final PrintWriter out;
  private final BufferedReader in;

  Fork(Launch launch, int threads) throws IOException {
    List<String> command = launch.command(threads);
    ProcessBuilder builder = new ProcessBuilder(command);
    // For libraries that are told so; ours are told by a property.
    builder.environment().put("OMP_NUM_THREADS", Integer.toString(threads));
    process = builder.start();
    out = new PrintWriter(process.getOutputStream(), true, StandardCharsets.UTF_8);
    in = process.inputReader(StandardCharsets.UTF_8);
    Thread.ofVirtual().start(this::passOn);
  }

  /** What the process complains of is ours to say, but for what every start of Java says. */
  private void passOn() {
    try (BufferedReader errors = process.errorReader()) {
      errors
          .lines()
          .filter(line -> !line.startsWith("WARNING: Using incubator modules"))
          .forEach(System.err::println);
    } catch (IOException | UncheckedIOException e) {
      // The process was ended while it spoke.
    }
  }

  /** A fork that could not do what was asked; the message says why. */
  static final class FailedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean unsupported;

    FailedException(String message, boolean unsupported) {
      super(message);
      this.unsupported = unsupported;
    }

    boolean isUnsupported() {
      return unsupported;
    }
  }

  void open(String row) throws FailedException {
    ask("open " + row);
  }

  /** Whether its times agree. */
  boolean warm(double seconds) throws FailedException {
    return Boolean.parseBoolean(ask("warm " + seconds));
  }

  Sample sample() throws FailedException {
    return Sample.parse(ask("sample"));
  }

  long peak() throws FailedException {
    return Long.parseLong(ask("peak"));
  }

  private String ask(String question) throws FailedException {
    out.println(question);
    String answer = read();
    if (answer == null) {
      throw new FailedException("its process ended" + code(), false);
    }
    String[] words = answer.split(" ", 2);
    String rest = words.length > 1 ? words[1] : "";
    return switch (words[0]) {
      case "ok" -> rest;
      case "unsupported" -> throw new FailedException(rest, true);
      default -> throw new FailedException(rest, false);
    };
  }

  private String read() {
    try {
      return in.readLine();
    } catch (IOException e) {
      return null;
    }
  }

  private String code() {
    try {
      return process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)
          ? " with code " + process.exitValue()
          : "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }

  /** Ends it at once: there is nothing that it would still have to write. */
  @Override
  public void close() {
    out.close();
    process.destroyForcibly();
    try {
      // Its memory must be free before the next row begins.
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException("[bench] process " + process.pid() + " does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
