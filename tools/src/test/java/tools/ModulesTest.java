package tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an embedder sees: the module descriptors export every package but the insides. */
class ModulesTest {
  /** What computes, what tests compare with, and a decoder that two readers share. */
  private static final Pattern INSIDE =
      Pattern.compile(
          "engine\\.(kernel\\.(scalar|simd|opencl)(\\..*)?|reference)|medsora\\.media\\.jpeg");

  @ParameterizedTest
  @ValueSource(strings = {"engine", "nn", "medsora"})
  void everyPackageButTheInsidesIsExported(String module) throws IOException {
    Path sources = Path.of("..", module, "src/main/java");
    Set<String> exported =
        Pattern.compile("exports ([\\w.]+);")
            .matcher(Files.readString(sources.resolve("module-info.java")))
            .results()
            .map(r -> r.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(visible(sources), exported, module);
  }

  private static Set<String> visible(Path sources) throws IOException {
    try (Stream<Path> files = Files.walk(sources)) {
      return files
          .filter(f -> f.toString().endsWith(".java"))
          .map(f -> sources.relativize(f).getParent())
          .filter(folder -> folder != null)
          .map(folder -> folder.toString().replace('/', '.').replace('\\', '.'))
          .filter(name -> !INSIDE.matcher(name).matches())
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  /** On the class path the backends are found by a file, on the module path by the descriptor. */
  @Test
  void bothPathsFindTheSameBackends() throws IOException {
    Path main = Path.of("../engine/src/main");
    List<String> provided =
        Pattern.compile("engine\\.kernel\\.\\w+\\.\\w+Provider")
            .matcher(Files.readString(main.resolve("java/module-info.java")))
            .results()
            .map(r -> r.group())
            .toList();
    Path services = main.resolve("resources/META-INF/services/engine.kernel.BackendProvider");
    assertEquals(Files.readAllLines(services), provided);
  }

  /** Who may call a method must be able to name what it takes and gives. */
  @Test
  void signaturesNameNoInsides() {
    JavaClasses classes =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("engine", "nn", "medsora");
    assertFalse(classes.isEmpty());
    List<String> leaks =
        classes.stream()
            .filter(c -> isVisible(c) && !c.getPackageName().equals("engine.testing"))
            .flatMap(c -> c.getMembers().stream())
            .filter(m -> isOpen(m) && named(m).anyMatch(ModulesTest::isInside))
            .map(JavaMember::getFullName)
            .sorted()
            .toList();
    assertEquals(List.of(), leaks, "signatures that name what is not exported");
  }

  private static boolean isVisible(JavaClass c) {
    boolean open = c.getModifiers().contains(JavaModifier.PUBLIC) && !isInside(c);
    return open && c.getEnclosingClass().map(ModulesTest::isVisible).orElse(true);
  }

  private static boolean isInside(JavaClass c) {
    return INSIDE.matcher(c.getBaseComponentType().getPackageName()).matches();
  }

  private static boolean isOpen(JavaMember m) {
    return m.getModifiers().contains(JavaModifier.PUBLIC)
        || m.getModifiers().contains(JavaModifier.PROTECTED);
  }

  private static Stream<JavaClass> named(JavaMember m) {
    return switch (m) {
      case JavaField f -> f.getType().getAllInvolvedRawTypes().stream();
      case JavaCodeUnit u ->
          Stream.concat(
              u.getReturnType().getAllInvolvedRawTypes().stream(),
              u.getParameterTypes().stream().flatMap(t -> t.getAllInvolvedRawTypes().stream()));
      default -> Stream.empty();
    };
  }
}
