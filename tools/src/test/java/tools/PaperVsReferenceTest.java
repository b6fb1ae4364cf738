package tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import medsora.config.Config;
import medsora.config.TrainConfig;
import org.junit.jupiter.api.Test;

/** The table of docs/paper-vs-reference.md is what the two profiles say, and its tests exist. */
class PaperVsReferenceTest {
  private static final Path PAGE = Path.of("../docs/paper-vs-reference.md");
  private static final Pattern ROW =
      Pattern.compile(
          "^\\| `([\\w.]+)` \\| (\\S+) \\| (\\S+) \\| .+ \\| (.+) \\|$", Pattern.MULTILINE);

  private static final Pattern PROOF = Pattern.compile("`(\\w+Test)#(\\w+)`");

  @Test
  void theTableIsWhatTheProfilesSay() throws IOException {
    TrainConfig paper = profile("paper");
    TrainConfig reference = profile("reference");
    Map<String, String> listed = new TreeMap<>();
    Matcher row = ROW.matcher(Files.readString(PAGE));
    while (row.find()) {
      String key = row.group(1);
      assertEquals(row.group(2), value(paper, key), key + " of the paper");
      assertEquals(row.group(3), value(reference, key), key + " of the reference");
      listed.put(key, "");
    }
    assertTrue(listed.size() >= 12, "rows were found");
    // The other way round: a key in which the profiles differ is in the table.
    Map<String, String> a = new TreeMap<>();
    Map<String, String> b = new TreeMap<>();
    flatten("", paper, a);
    flatten("", reference, b);
    a.keySet().removeIf(key -> a.get(key).equals(b.get(key)));
    assertEquals(listed.keySet(), a.keySet());
  }

  /** Each row names tests, and every test that the page names exists. */
  @Test
  void theTestsExist() throws IOException {
    String page = Files.readString(PAGE);
    Matcher row = ROW.matcher(page);
    while (row.find()) {
      assertTrue(PROOF.matcher(row.group(4)).find(), row.group(1) + " names its tests");
    }
    Map<String, String> sources = testSources();
    for (MatchResult proof : PROOF.matcher(page).results().toList()) {
      String source = sources.getOrDefault(proof.group(1), "");
      Pattern method =
          Pattern.compile(
              "@(Test|Example|Property[^\n]*|ParameterizedTest\\s+@\\w+(\\([^)]*\\))?)\\s+void "
                  + proof.group(2)
                  + "\\(");
      assertTrue(method.matcher(source).find(), "no test " + proof.group());
    }
  }

  private static Map<String, String> testSources() throws IOException {
    Map<String, String> sources = new TreeMap<>();
    for (String module : List.of("engine", "nn", "medsora", "tools")) {
      try (Stream<Path> files = Files.walk(Path.of("..", module, "src", "test", "java"))) {
        for (Path file : files.filter(f -> f.toString().endsWith("Test.java")).toList()) {
          sources.put(file.getFileName().toString().replace(".java", ""), Files.readString(file));
        }
      }
    }
    return sources;
  }

  private static TrainConfig profile(String name) throws IOException {
    return Config.read("medsora-s", Map.of("profile", name, "name", "same"));
  }

  private static String value(TrainConfig config, String key) {
    Object at = config;
    for (String part : key.split("\\.")) {
      at = component((Record) at, part);
    }
    return at.toString();
  }

  private static Object component(Record record, String name) {
    return Arrays.stream(record.getClass().getRecordComponents())
        .filter(c -> c.getName().equals(name))
        .map(c -> get(c, record))
        .findFirst()
        .orElseThrow(() -> new AssertionError(record.getClass() + " has no " + name));
  }

  private static Object get(RecordComponent c, Record record) {
    try {
      return c.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  private static void flatten(String path, Record record, Map<String, String> out) {
    for (RecordComponent c : record.getClass().getRecordComponents()) {
      Object value = get(c, record);
      String key = path + c.getName();
      if (value instanceof Record r) {
        flatten(key + ".", r, out);
      } else {
        out.put(key, value.toString());
      }
    }
  }
}
