package tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import net.jqwik.api.lifecycle.LifecycleHook;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No source draws a random number without a seed, and no clock is one. */
class NoDiceTest {
  private static final Path ROOT = Path.of("..");
  private static final List<String> MODULES =
      List.of("engine", "nn", "medsora", "tools/conform", "tools");

  private static final Pattern DICE =
      Pattern.compile(
          "new (java\\.util\\.)?(Splittable)?Random\\(\\)"
              + "|new SecureRandom|\\bThreadLocalRandom\\b|\\bMath\\.random\\("
              + "|\\bCollections\\.shuffle\\([^,()]*\\)"
              + "|Random\\((System\\.(nanoTime|currentTimeMillis)|Instant\\.now)"
              + "|[sS]eed\\w* = System\\.(nanoTime|currentTimeMillis)");

  @Test
  void everyRandomNumberHasASeed() throws IOException {
    List<String> found = new ArrayList<>();
    for (String module : MODULES) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src"))) {
        for (Path file : files.filter(f -> f.toString().endsWith(".java")).sorted().toList()) {
          for (String line : Files.readAllLines(file)) {
            if (rolls(line) && !file.endsWith("NoDiceTest.java")) {
              found.add(file + ": " + line.strip());
            }
          }
        }
      }
    }
    assertEquals(List.of(), found, "random numbers without a seed");
  }

  /** jqwik's own draws: the hook that fixes them is registered for the tests of every module. */
  @Test
  void propertiesAreSeeded() throws IOException {
    List<String> hooks =
        ServiceLoader.load(LifecycleHook.class).stream().map(h -> h.type().getName()).toList();
    assertTrue(hooks.contains("engine.testing.SeededProperties"), hooks.toString());
    String settings = Files.readString(ROOT.resolve("testdata/junit/junit-platform.properties"));
    assertTrue(settings.contains("jqwik.database =\n"), "failures of earlier runs are recorded");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "new Random()",
        "new java.util.SplittableRandom()",
        "ThreadLocalRandom.current().nextInt()",
        "double x = Math.random();",
        "Collections.shuffle(list);",
        "new Random(System.nanoTime())",
        "long seed = System.currentTimeMillis();"
      })
  void knowsDice(String line) {
    assertTrue(rolls(line), line);
  }

  @ParameterizedTest
  @ValueSource(strings = {"new Random(7)", "Collections.shuffle(list, random);", "nanoTime()"})
  void knowsWhatIsNone(String line) {
    assertTrue(!rolls(line), line);
  }

  private static boolean rolls(String line) {
    return DICE.matcher(line).find();
  }
}
