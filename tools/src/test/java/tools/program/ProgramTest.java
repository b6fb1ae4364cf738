package tools.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;
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
  void clocksReadLikeClocks() {
    assertEquals("0:07", Progress.clock(6.6));
    assertEquals("2:05", Progress.clock(125));
    assertEquals("1:00:01", Progress.clock(3601));
    assertEquals("?", Progress.clock(Double.NaN));
  }

  @Test
  void aStopSignalThatNobodySentIsQuiet() {
    try (StopSignal stop = StopSignal.install()) {
      assertFalse(stop.getAsBoolean());
    }
  }
}
