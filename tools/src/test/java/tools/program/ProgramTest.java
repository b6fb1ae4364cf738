package tools.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import engine.io.FormatException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Command;

class ProgramTest {
  @Command(name = "broken")
  private static final class Broken extends Program {
    private final Throwable failure;

    Broken(Throwable failure) {
      this.failure = failure;
    }

    @Override
    protected void run() throws Exception {
      if (failure instanceof Error e) {
        throw e;
      }
      throw (Exception) failure;
    }
  }

  @Test
  void everyFailureHasItsExitCode() {
    assertEquals(1, Program.execute(new Broken(new IOException("a"))));
    assertEquals(1, Program.execute(new Broken(new OutOfMemoryError("made up"))));
  }

  @Test
  void aStoryTellsEachMessageOnce() {
    IOException inner = new IOException("[video] a.mp4: is empty");
    assertEquals("[video] a.mp4: is empty", Program.story(new UncheckedIOException(inner)));
    assertEquals(
        "outer: [video] a.mp4: is empty", Program.story(new IllegalStateException("outer", inner)));
    assertEquals("no such file: x.yaml", Program.story(new NoSuchFileException("x.yaml")));
    assertTrue(Program.story(new NullPointerException()).contains("--debug"));
  }

  @Test
  void aDamagedFileIsSaidWithARemedy() {
    String said = Program.story(new FormatException("[safetensors] a: 3 bytes"));
    assertTrue(said.contains("restore the file from a copy, or download or train it again"), said);
    String whole = Program.story(FormatException.unsupported("[torch] a: a sparse tensor"));
    assertEquals("[torch] a: a sparse tensor", whole);
  }

  @Test
  void onlyFaultsOfTheProgramShowWhereTheyHappened() {
    for (Throwable users :
        List.of(
            new IOException("a"),
            new UncheckedIOException(new IOException("a")),
            new FormatException("a"),
            new IllegalArgumentException("--steps wants at least 1"),
            new IllegalStateException("out of memory", new OutOfMemoryError()))) {
      assertFalse(Program.isFault(users), users.toString());
    }
    for (Throwable ours :
        List.of(
            new NullPointerException(),
            new ArrayIndexOutOfBoundsException(3),
            new NumberFormatException("x"),
            new ArithmeticException("/ by zero"),
            new IllegalStateException("[tape] closed"))) {
      assertTrue(Program.isFault(ours), ours.toString());
    }
  }

  @Test
  void anOutputFolderIsTriedBeforeTheWork(@TempDir Path folder) throws IOException {
    Path made = OutputFolder.ready(folder.resolve("a/b"));
    try (var files = Files.list(made)) {
      assertEquals(0, files.count());
    }
    Path file = Files.createFile(folder.resolve("file"));
    for (Path bad : List.of(file, file.resolve("below"))) {
      String said = assertThrows(IOException.class, () -> OutputFolder.ready(bad)).getMessage();
      assertTrue(said.startsWith("output folder " + bad + ": "), said);
      assertTrue(said.endsWith("; choose another --out"), said);
    }
  }

  /** What is said has the path once, and no file that nobody asked for. */
  @Test
  void whatCannotBeWrittenIsNamedOnce(@TempDir Path folder) throws IOException {
    assumeTrue(Files.isDirectory(Path.of("/proc/self")), "no /proc");
    Path bad = Path.of("/proc/none");
    String said = Program.story(assertThrows(IOException.class, () -> OutputFolder.ready(bad)));
    assertEquals("output folder /proc/none: nothing can be made there; choose another --out", said);
    Path chart = Path.of("/proc/none.png");
    said = Program.story(assertThrows(IOException.class, () -> OutputFolder.readyFor(chart)));
    assertEquals("cannot write /proc/none.png: nothing can be made there", said);
    said = Program.story(assertThrows(IOException.class, () -> OutputFolder.readyFor(folder)));
    assertEquals("cannot write " + folder + ": it is a folder", said);
    Path kept = Files.writeString(folder.resolve("kept"), "mine");
    assertEquals("mine", Files.readString(OutputFolder.readyFor(kept)));
  }

  @Command(name = "scarce")
  private static final class Scarce extends Program {
    @Override
    protected void run() {
      throw new OutOfMemoryError("made up");
    }

    @Override
    protected String standing() {
      throw new OutOfMemoryError("made up, while words are put together");
    }
  }

  @Test
  void noMemoryForWordsEndsWithCodeOneAllTheSame() {
    assertEquals(1, Program.execute(new Scarce()));
  }

  @Test
  void countsReadAsEnglish() {
    assertEquals("1 clip", Output.count(1, "clip"));
    assertEquals("0 clips", Output.count(0, "clip"));
    assertEquals("2 clips", Output.count(2, "clip"));
  }

  @Test
  void clocksReadLikeClocks() {
    assertEquals("0:07", Progress.clock(6.6));
    assertEquals("2:05", Progress.clock(125));
    assertEquals("1:00:01", Progress.clock(3601));
    assertEquals("?", Progress.clock(Double.NaN));
  }
}
