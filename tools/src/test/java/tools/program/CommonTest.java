package tools.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.kernel.BackendProvider;
import engine.kernel.Backends;
import engine.kernel.Kernels;
import engine.kernel.Workers;
import engine.kernel.scalar.ScalarKernels;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The options of every program choose the backend. */
class CommonTest {
  private static final String PROPERTY = "engine.backend";

  @TempDir Path folder;

  private final String before = System.getProperty(PROPERTY);

  /** A user's own backend. */
  public static final class Mine implements BackendProvider {
    @Override
    public String name() {
      return "mine";
    }

    @Override
    public Kernels open(Workers workers) {
      return new ScalarKernels(workers) {
        @Override
        public String name() {
          return "mine";
        }
      };
    }
  }

  @AfterEach
  void restore() {
    if (before == null) {
      System.clearProperty(PROPERTY);
    } else {
      System.setProperty(PROPERTY, before);
    }
    Backends.configure("auto", 0);
  }

  private static String chosen(String... arguments) {
    Common common = new Common();
    CommandLine.populateCommand(common, arguments);
    common.apply();
    return Backends.current().name();
  }

  @Test
  void thePropertyKeepsItsSayBesideOtherOptions() {
    System.setProperty(PROPERTY, "scalar");
    assertEquals("scalar", chosen());
    assertEquals("scalar", chosen("--threads", "2"));
    assertEquals("simd", chosen("--threads", "2", "--backend", "simd"));
    assertTrue(chosen("--backend", "auto").matches("simd|scalar"));
  }

  @Test
  void anUnknownNameIsToldWhatThereIs() {
    String said =
        assertThrows(IllegalArgumentException.class, () -> chosen("--backend", "smid"))
            .getMessage();
    assertTrue(said.matches("\\[backend] unknown backend 'smid': choose auto, .* or .*"), said);
    for (String name : Backends.names()) {
      assertTrue(said.contains(name), said);
    }
  }

  /** A provider on the class path needs no line of this program to be named. */
  @Test
  void aBackendOfOnesOwnIsNamedLikeAnyOther() throws Exception {
    Path services = Files.createDirectories(folder.resolve("META-INF/services"));
    Files.writeString(services.resolve(BackendProvider.class.getName()), Mine.class.getName());
    Thread thread = Thread.currentThread();
    ClassLoader loader = thread.getContextClassLoader();
    try (URLClassLoader own = new URLClassLoader(new URL[] {folder.toUri().toURL()}, loader)) {
      thread.setContextClassLoader(own);
      assertEquals("mine", chosen("--backend", "mine", "--threads", "1"));
      String help = new CommandLine(new Common()).getUsageMessage().replaceAll("\\s+", " ");
      assertTrue(help.contains("mine; all give the same bits"), help);
    } finally {
      thread.setContextClassLoader(loader);
    }
  }
}
