package tools;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every package of every main tree says in a few words what lives in it. */
class PackageInfoTest {
  private static final List<String> MODULES =
      List.of("engine", "nn", "medsora", "tools/conform", "tools");

  private static final Pattern DOCUMENTED =
      Pattern.compile("/\\*\\*(.*?)\\*/.*package [a-z0-9.]+;", Pattern.DOTALL);

  @Test
  void everyPackageHasItsParagraph() throws IOException {
    List<String> silent = new ArrayList<>();
    for (String module : MODULES) {
      for (Path folder : packages(Path.of("..", module, "src/main/java"))) {
        Path info = folder.resolve("package-info.java");
        if (!Files.exists(info) || words(Files.readString(info)) < 5) {
          silent.add(info.toString());
        }
      }
    }
    assertEquals(List.of(), silent, "packages without a paragraph");
  }

  private static TreeSet<Path> packages(Path sources) throws IOException {
    TreeSet<Path> folders = new TreeSet<>();
    try (Stream<Path> files = Files.walk(sources)) {
      files
          .filter(f -> f.toString().endsWith(".java") && !f.getParent().equals(sources))
          .forEach(f -> folders.add(f.getParent()));
    }
    return folders;
  }

  private static int words(String source) {
    Matcher comment = DOCUMENTED.matcher(source);
    return comment.find() ? comment.group(1).replace("*", " ").strip().split("\\s+").length : 0;
  }
}
