package tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Beside each golden file of testdata/ stands what made it: in the README of its folder. */
class GoldenFilesTest {
  private static final Path TESTDATA = Path.of("../testdata");

  @Test
  void everyFileIsNamedInTheReadmeOfItsFolder() throws IOException {
    List<Path> golden = golden();
    assertTrue(golden.size() > 50, "golden files are found: " + golden.size());
    List<Path> without = golden.stream().filter(file -> !isNamed(file)).toList();
    assertEquals(List.of(), without, "files that no README names");
  }

  /** What a README names is there, so that no row outlives its file. */
  @Test
  void everyRowHasItsFile() throws IOException {
    Pattern row = Pattern.compile("^\\| `(\\S+\\.\\w+)` \\|", Pattern.MULTILINE);
    List<String> orphans;
    try (Stream<Path> files = Files.walk(TESTDATA)) {
      orphans =
          files
              .filter(file -> file.endsWith("README.md"))
              .flatMap(readme ->
                  row.matcher(read(readme))
                      .results()
                      .map(m -> m.group(1))
                      .filter(name -> !Files.exists(readme.resolveSibling(name))))
              .toList();
    }
    assertEquals(List.of(), orphans, "rows without a file");
  }

  /** All files but texts, makers and the settings of JUnit. */
  private static List<Path> golden() throws IOException {
    try (Stream<Path> files = Files.walk(TESTDATA)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !file.endsWith("README.md") && !isMakerOrSetting(file))
          .sorted()
          .toList();
    }
  }

  private static boolean isMakerOrSetting(Path file) {
    for (Path part : TESTDATA.relativize(file)) {
      if (List.of("make", "__pycache__", "junit").contains(part.toString())) {
        return true;
      }
    }
    return false;
  }

  /** By its own name in the README beside it, or by that of its folder in one further up. */
  private static boolean isNamed(Path file) {
    String name = file.getFileName().toString();
    for (Path at = file.getParent(); at.startsWith(TESTDATA); at = at.getParent()) {
      Path readme = at.resolve("README.md");
      if (Files.exists(readme)) {
        String whole = "(?<![\\w.-])" + Pattern.quote(name) + "(?![\\w-]|\\.\\w)";
        return Pattern.compile(whole).matcher(read(readme)).find();
      }
      name = at.getFileName().toString();
    }
    return false;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
