package tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What the texts name is there: the files and headings that they link to, and the classes that they
 * name, fully as in {@code engine.numeric.Numerics} or simply as in {@code VectorMath}. The change
 * log tells of the past and may name what is gone; its links lead somewhere all the same.
 */
class DocsNamesTest {
  private static final Path ROOT = Path.of("..");
  private static final List<String> MODULES =
      List.of("engine", "nn", "medsora", "tools", "tools/conform", "tools/djl");
  private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
  private static final Pattern CODE = Pattern.compile("`([^`\n]+)`");
  private static final Pattern FENCE = Pattern.compile("```.*?```", Pattern.DOTALL);

  /** Where what a text names without its package may come from beside this repository. */
  private static final List<String> PLATFORM =
      List.of("java.lang.", "java.util.", "java.nio.file.", "java.nio.channels.");

  private static final Pattern QUALIFIED =
      Pattern.compile(
          "((?:engine|nn|medsora|tools)(?:\\.[a-z]\\w*)*)\\.([A-Z]\\w*)(?:[.#]\\w+)*.*");

  /** CamelCase with an inner capital, which no word of prose has. */
  private static final Pattern SIMPLE =
      Pattern.compile("([A-Z][a-z]+(?:[A-Z0-9]\\w*)+)(?:[.#]\\w+)?(?:\\(.*\\))?");

  private static final Pattern TYPE =
      Pattern.compile("\\b(?:class|record|interface|enum)\\s+([A-Z]\\w*)");

  /** The types of this repository by their simple names, nested ones too. */
  private static final Set<String> TYPES = new HashSet<>();

  /** The same with their packages. */
  private static final Set<String> QUALIFIED_TYPES = new HashSet<>();

  @BeforeAll
  static void readSources() throws IOException {
    for (String module : MODULES) {
      for (String part : List.of("src/main/java", "src/test/java")) {
        Path folder = ROOT.resolve(module).resolve(part);
        if (Files.exists(folder)) {
          try (Stream<Path> files = Files.walk(folder)) {
            files.filter(f -> f.toString().endsWith(".java")).forEach(f -> note(folder, f));
          }
        }
      }
    }
    assertTrue(TYPES.size() > 500, "types are found: " + TYPES.size());
  }

  private static void note(Path folder, Path file) {
    TYPE.matcher(read(file)).results().forEach(m -> TYPES.add(m.group(1)));
    String name = folder.relativize(file).toString().replace(".java", "");
    QUALIFIED_TYPES.add(name.replace('/', '.').replace('\\', '.'));
  }

  @Test
  void linksLeadToFilesAndHeadings() throws IOException {
    List<String> faults = new ArrayList<>();
    for (Path page : pages(true)) {
      for (MatchResult link :
          LINK.matcher(FENCE.matcher(read(page)).replaceAll("")).results().toList()) {
        if (!link.group(1).contains("://") && !leadsSomewhere(page, link.group(1))) {
          faults.add(ROOT.relativize(page) + " links to " + link.group(1));
        }
      }
    }
    assertEquals(List.of(), faults);
  }

  private static boolean leadsSomewhere(Path page, String target) {
    int mark = target.indexOf('#');
    String file = mark < 0 ? target : target.substring(0, mark);
    Path to = file.isEmpty() ? page : page.resolveSibling(file);
    if (!Files.exists(to)) {
      return false;
    }
    return mark < 0
        || read(to)
            .lines()
            .filter(line -> line.startsWith("#"))
            .anyMatch(line -> anchor(line).equals(target.substring(mark + 1)));
  }

  /** As the renderers of Markdown make it from a heading. */
  private static String anchor(String heading) {
    return heading
        .replaceFirst("#+ ", "")
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^\\w\\- ]", "")
        .replace(' ', '-');
  }

  @Test
  void classesThatAreNamedExist() throws IOException {
    Set<String> faults = new TreeSet<>();
    for (Path page : pages(false)) {
      String prose = FENCE.matcher(read(page)).replaceAll("");
      for (MatchResult code : CODE.matcher(prose).results().toList()) {
        if (!isThere(code.group(1))) {
          faults.add(ROOT.relativize(page) + " names " + code.group(1));
        }
      }
    }
    assertEquals(Set.of(), faults);
  }

  private static boolean isThere(String code) {
    var qualified = QUALIFIED.matcher(code);
    if (qualified.matches()) {
      return QUALIFIED_TYPES.contains(qualified.group(1) + "." + qualified.group(2));
    }
    var simple = SIMPLE.matcher(code);
    return !simple.matches() || TYPES.contains(simple.group(1)) || isPlatform(simple.group(1));
  }

  private static boolean isPlatform(String name) {
    return PLATFORM.stream()
        .anyMatch(prefix -> {
          try {
            Class.forName(prefix + name, false, null);
            return true;
          } catch (ClassNotFoundException e) {
            return false;
          }
        });
  }

  private static List<Path> pages(boolean withChanges) throws IOException {
    List<Path> pages = new ArrayList<>(List.of(ROOT.resolve("README.md")));
    if (withChanges) {
      pages.add(ROOT.resolve("CHANGELOG.md"));
      pages.add(ROOT.resolve("THIRD_PARTY.md"));
    }
    for (String folder : List.of("docs", "testdata")) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(folder))) {
        files.filter(f -> f.toString().endsWith(".md")).sorted().forEach(pages::add);
      }
    }
    return pages;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
