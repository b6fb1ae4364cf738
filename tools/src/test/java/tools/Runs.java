package tools;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import tools.program.Program;

/** Runs programs inside the tests and keeps what they say. */
final class Runs {
  private Runs() {}

  /** What a program said and how it ended. */
  record Outcome(int code, String out, String err) {
    /** The last line of standard output. */
    String lastLine() {
      return out.lines().reduce("", (a, b) -> b);
    }
  }

  static synchronized Outcome run(Program program, Object... arguments) {
    List<String> words = new ArrayList<>();
    for (Object a : arguments) {
      words.add(a.toString());
    }
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    ByteArrayOutputStream complained = new ByteArrayOutputStream();
    System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(complained, true, StandardCharsets.UTF_8));
    try {
      int code = Program.execute(program, words.toArray(String[]::new));
      return new Outcome(
          code, said.toString(StandardCharsets.UTF_8), complained.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }

  /** Trains the tiny model for two steps of each stage. */
  static Outcome tiny(Path folder, Object... more) {
    List<Object> words = new ArrayList<>(List.of("--config", "tiny", "--steps", 2));
    words.addAll(List.of("--phantom-clips", 3, "--out", folder));
    words.addAll(List.of(more));
    return run(new Train(), words.toArray());
  }

  /** A demo of the tiny model in its folder, made once for all tests. */
  record TinyDemo(Path folder, Outcome outcome) {}

  private static TinyDemo demo;

  static synchronized TinyDemo demo() throws IOException {
    if (demo == null) {
      Path out = Files.createDirectories(Path.of("target")).resolve("tiny-demo");
      remove(out);
      List<Object> words = new ArrayList<>(List.of("--config", "tiny", "--phantom-clips", 3));
      words.addAll(List.of("--count", 2, "--sample-steps", 2, "--judged", 2, "--out", out));
      demo = new TinyDemo(out, run(new Demo(), words.toArray()));
    }
    return demo;
  }

  private static void remove(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
