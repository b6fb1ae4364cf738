package engine.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.kernel.scalar.ScalarKernels;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.reflect.AccessFlag;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
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

  /** One that cannot say how it is called. */
  public static final class Nameless implements BackendProvider {
    @Override
    public String name() {
      throw new IllegalStateException("no name");
    }

    @Override
    public Kernels open(Workers workers) {
      throw new AssertionError("must not be opened");
    }
  }

  /** One that cannot say what it lacks. */
  public static final class Mute implements BackendProvider {
    @Override
    public String name() {
      return "mute";
    }

    @Override
    public Optional<Lack> lack() {
      throw new NoClassDefFoundError("no/such/Board");
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
        orphan(),
        Nameless.class.getName(),
        Mine.class.getName());
  }

  /** The name of a class of which the supertype is missing. */
  private String orphan() throws IOException {
    Path file = Files.createDirectories(folder.resolve("orphan")).resolve("Orphan.class");
    Files.write(
        file,
        ClassFile.of()
            .build(
                ClassDesc.of("orphan.Orphan"),
                c -> c.withFlags(AccessFlag.PUBLIC).withSuperclass(ClassDesc.of("no.such.Super"))));
    return "orphan.Orphan";
  }

  @Test
  void aProviderThatCannotSayWhatItLacksIsRefusedByItsName() throws Exception {
    offering(
        () -> {
          assertEquals(
              "[backend] mute needs a provider that works: mend or remove " + Mute.class.getName(),
              refusal("mute"));
          return null;
        },
        Mute.class.getName());
  }

  @Test
  @Timeout(20)
  void aLoaderThatFailsForEverIsLeft() {
    Map<Class<?>, BackendProvider> all = new LinkedHashMap<>();
    int[] asked = {0};
    Providers.collect(
        new Iterator<>() {
          @Override
          public boolean hasNext() {
            if (asked[0]++ == 5) {
              return true;
            }
            throw new NoClassDefFoundError("no/such/Class");
          }

          @Override
          public BackendProvider next() {
            return new Mine();
          }
        },
        all);
    assertEquals(106, asked[0]);
    assertEquals(Set.of(Mine.class), all.keySet());
  }
}
