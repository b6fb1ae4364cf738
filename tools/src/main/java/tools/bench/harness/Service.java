package tools.bench.harness;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import tools.bench.Task;

/**
 * The far end of a {@link Fork}: serves one row, a line for a line. {@code open ROW}, {@code warm
 * SECONDS}, {@code sample}, {@code peak}; answers begin with {@code ok}, {@code failed} or {@code
 * unsupported}. Ends with its input, so that it never outlives who started it.
 */
public final class Service {
  private final Function<String, Task> opener;
  private Repeater repeater;

  /**
   * @param opener gives the task of a row's name; throws {@link UnsupportedOperationException}
   *     where it knows none
   */
  public Service(Function<String, Task> opener) {
    this.opener = opener;
  }

  /** Serves until the input ends. */
  public void serve() throws IOException {
    PrintStream answers = System.out;
    // Whatever else is printed must not be taken for an answer.
    System.setOut(System.err);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      answers.println(answer(line));
      answers.flush();
    }
  }

  String answer(String line) {
    String[] words = line.split(" ", 2);
    try {
      return "ok" + run(words[0], words.length > 1 ? words[1] : "");
    } catch (UnsupportedOperationException e) {
      return "unsupported " + e.getMessage();
    } catch (RuntimeException | Error e) {
      String said = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      return "failed " + said.replaceAll("\\s+", " ");
    }
  }

  private String run(String command, String argument) {
    return switch (command) {
      case "open" -> {
        repeater = new Repeater(opener.apply(argument));
        yield "";
      }
      case "warm" -> " " + repeater.warm(Double.parseDouble(argument));
      case "sample" -> " " + repeater.sample().words();
      case "peak" -> " " + PeakMemory.bytes();
      default -> throw new IllegalArgumentException("[bench] no such command: " + command);
    };
  }
}
