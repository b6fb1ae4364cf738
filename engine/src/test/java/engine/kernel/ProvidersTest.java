package engine.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.kernel.scalar.ScalarKernels;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backends that the class path offers, and how they are chosen. */
class ProvidersTest {
  @TempDir Path folder;

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

  /** One that lacks something. */
  public static final class Absent implements BackendProvider {
    @Override
    public String name() {
      return "absent";
    }

    @Override
    public Optional<Lack> lack() {
      return Optional.of(new Lack("a board", "plug one in"));
    }

    @Override
    public Kernels open(Workers workers) {
      throw new AssertionError("must not be opened");
    }
  }

  /** Another that calls itself as {@link Mine} does. */
  public static final class AlsoMine implements BackendProvider {
    @Override
    public String name() {
      return "MINE";
    }

    @Override
    public Kernels open(Workers workers) {
      throw new AssertionError("must not be opened");
    }
  }

  /** Runs a body where the class path names these classes as providers, too. */
  private void offering(Callable<?> body, String... classes) throws Exception {
    Path services = Files.createDirectories(folder.resolve("META-INF/services"));
    Files.writeString(
        services.resolve(BackendProvider.class.getName()), String.join("\n", classes) + "\n");
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()}, before)) {
      thread.setContextClassLoader(loader);
      body.call();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  @Test
  void aUsersOwnProviderIsChosenByItsName() throws Exception {
    offering(
        () -> {
          try (Engine engine = Engine.open("Mine", 2)) {
            assertEquals("mine", engine.kernels().name());
            assertEquals(Fidelity.EXACT, engine.run(Backends::fidelity));
          }
          return null;
        },
        Mine.class.getName());
  }

  @Test
  void autoTakesTheEnginesOwn() throws Exception {
    offering(
        () -> {
          try (Engine engine = Engine.open("auto", 1)) {
            assertEquals("simd", engine.kernels().name());
          }
          return null;
        },
        Mine.class.getName());
  }

  @Test
  void theEnginesOwnAreThereByTheirNames() {
    for (String name : new String[] {"scalar", "simd"}) {
      try (Engine engine = Engine.open(name, 1)) {
        assertEquals(name, engine.kernels().name());
      }
    }
  }

  @Test
  void anUnknownNameIsRefusedWithThoseThereAre() throws Exception {
    assertEquals(
        "[backend] unknown backend 'fast': choose auto, scalar, simd or opencl", refusal("fast"));
    offering(
        () -> {
          assertEquals(
              "[backend] unknown backend 'fast': choose auto, scalar, simd, opencl or mine",
              refusal("fast"));
          return null;
        },
        Mine.class.getName());
  }

  private static String refusal(String name) {
    return assertThrows(IllegalArgumentException.class, () -> Engine.open(name, 1)).getMessage();
  }

  @Test
  void whatAProviderLacksIsSaidWithTheRemedy() throws Exception {
    offering(
        () -> {
          assertEquals("[backend] absent needs a board: plug one in", refusal("absent"));
          return null;
        },
        Absent.class.getName());
  }

  @Test
  void twoOfOneNameAreRefused() throws Exception {
    offering(
        () -> {
          String said = refusal("mine");
          assertTrue(said.contains("2 providers are called 'mine'"), said);
          assertTrue(said.contains(Mine.class.getName() + ", " + AlsoMine.class.getName()), said);
          return null;
        },
        Mine.class.getName(),
        AlsoMine.class.getName());
  }

  @Test
  void aBrokenProviderCostsTheOthersNothing() throws Exception {
    offering(
        () -> {
          try (Engine engine = Engine.open("mine", 1)) {
            assertEquals("mine", engine.kernels().name());
          }
          return null;
        },
        "no.such.Provider",
        Mine.class.getName());
  }
}
