package tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaFieldAccess;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import engine.autodiff.Op;
import engine.kernel.Kernels;
import engine.kernel.scalar.ScalarKernels;
import engine.numeric.NumericContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Keeps docs/ true: the tables of docs/ops.md are what the compiled classes say, quoted code is the
 * code of the files it is quoted from, and links lead somewhere. A failure prints the lines that
 * the page should have.
 */
class DocsTest {
  private static final Path ROOT = root();
  private static final Path DOCS = ROOT.resolve("docs");
  private static final String SIMD_KERNELS = "engine.kernel.simd.SimdKernels";

  /** Methods of Kernels that compute nothing. */
  private static final Set<String> NOT_KERNELS = Set.of("name", "allocate", "finish");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("engine", "nn", "medsora", "tools");

  private static Path root() {
    Path at = Path.of("").toAbsolutePath();
    while (at != null && !Files.exists(at.resolve("docs/ops.md"))) {
      at = at.getParent();
    }
    return at;
  }

  @Test
  void everyOpHasItsRow() throws IOException {
    List<String> rows = ops().map(DocsTest::opRow).sorted().toList();
    assertRows(rows, "Ops");
  }

  @Test
  void everyOtherKernelHasItsRow() throws IOException {
    Set<String> used = ops().flatMap(op -> kernels(op).stream()).collect(Collectors.toSet());
    List<String> rows =
        kernelNames().stream()
            .filter(name -> !used.contains(name))
            .map(name -> "| `" + name + "` | " + files(Set.of(name)) + " |")
            .toList();
    assertRows(rows, "Kernels without an op");
  }

  @Test
  void everyOpHasAContractTest() {
    List<String> without =
        ops().filter(op -> contractTests(op).isEmpty()).map(JavaClass::getName).toList();
    assertEquals(List.of(), without, "ops that no test runs through OpContract");
  }

  @Test
  void linksLeadSomewhere() throws IOException {
    for (Path page : pages()) {
      Matcher link = Pattern.compile("]\\(([^)#\\s]+)[^)]*\\)").matcher(Files.readString(page));
      while (link.find()) {
        String target = link.group(1);
        if (!target.contains("://") && !Files.exists(page.resolveSibling(target))) {
          fail(ROOT.relativize(page) + " links to " + target + ", which does not exist");
        }
      }
    }
  }

  /** A comment {@code <!-- from path -->} stands above each block that quotes a file. */
  @Test
  void quotedCodeIsTheCode() throws IOException {
    Pattern quote = Pattern.compile("<!-- from (\\S+) -->\\s+```java\\n(.*?)```", Pattern.DOTALL);
    int quotes = 0;
    for (Path page : pages()) {
      for (MatchResult block : quote.matcher(Files.readString(page)).results().toList()) {
        String source = unindented(Files.readString(ROOT.resolve(block.group(1))));
        assertTrue(
            source.contains(unindented(block.group(2))),
            ROOT.relativize(page)
                + " quotes what is not in "
                + block.group(1)
                + ":\n"
                + block.group(2));
        quotes++;
      }
    }
    assertTrue(quotes > 0, "docs/add-an-op.md quotes its example");
  }

  @Test
  void theContractNamesItsVersion() throws IOException {
    String first = Files.readAllLines(DOCS.resolve("numerics.md")).get(0);
    assertEquals("# The numeric contract, version " + NumericContract.VERSION, first);
  }

  @Test
  void everyRuleIsExplainedAndSaysWhatProvesIt() throws IOException {
    String page = Files.readString(DOCS.resolve("numerics.md"));
    for (int rule = 1; rule <= 20; rule++) {
      assertTrue(page.contains("\n### N" + rule + " "), "a heading for N" + rule);
      assertTrue(
          Pattern.compile(
                  "\n\\| N" + rule + " \\| \\[.+]\\(.+\\) \\| \\[.+]\\(.+Test\\.java\\) \\|\n")
              .matcher(page)
              .find(),
          "a row for N" + rule + " with a class and a test");
    }
  }

  private static String unindented(String code) {
    return code.lines().map(String::strip).collect(Collectors.joining("\n"));
  }

  private static List<Path> pages() throws IOException {
    try (Stream<Path> files = Files.list(DOCS)) {
      return files.filter(f -> f.toString().endsWith(".md")).sorted().toList();
    }
  }

  /** The rows of the table under a heading of docs/ops.md, compared without regard to order. */
  private static void assertRows(List<String> expected, String heading) throws IOException {
    Set<String> found = new TreeSet<>();
    boolean inside = false;
    for (String line : Files.readAllLines(DOCS.resolve("ops.md"))) {
      inside = line.startsWith("## ") ? line.equals("## " + heading) : inside;
      boolean row = line.startsWith("| [") || line.startsWith("| `");
      if (inside && row && !found.add(line)) {
        fail("docs/ops.md has this row twice: " + line);
      }
    }
    Set<String> wanted = new TreeSet<>(expected);
    Set<String> missing = new TreeSet<>(wanted);
    missing.removeAll(found);
    found.removeAll(wanted);
    if (!missing.isEmpty() || !found.isEmpty()) {
      fail(
          "docs/ops.md, \""
              + heading
              + "\", lacks these rows:\n"
              + String.join("\n", missing)
              + "\nand has these that are not true:\n"
              + String.join("\n", found));
    }
  }

  private static Stream<JavaClass> ops() {
    return CLASSES.stream()
        .filter(c -> c.isAssignableTo(Op.class) && !c.isInterface())
        .filter(c -> !c.getModifiers().contains(JavaModifier.ABSTRACT));
  }

  private static String opRow(JavaClass op) {
    Set<String> kernels = kernels(op);
    return "| %s | %s | %s | %s |"
        .formatted(
            link(op.getName()),
            kernels.isEmpty()
                ? "none"
                : kernels.stream().map(k -> "`" + k + "`").collect(Collectors.joining(" ")),
            files(kernels),
            contractTests(op).stream().map(DocsTest::testLink).collect(Collectors.joining(" ")));
  }

  /** The columns of the scalar and the vector classes behind some kernels. */
  private static String files(Set<String> kernels) {
    return links(scalarClasses(kernels)) + " | " + links(simdClasses(kernels));
  }

  private static String links(Collection<String> classes) {
    return classes.isEmpty()
        ? "none"
        : classes.stream().map(DocsTest::link).collect(Collectors.joining(" "));
  }

  private static String link(String className) {
    String module = className.substring(0, className.indexOf('.'));
    return "[%s](../%s/src/main/java/%s.java)"
        .formatted(
            className.substring(className.lastIndexOf('.') + 1),
            module,
            className.replace('.', '/'));
  }

  private static String testLink(Path file) {
    String name = file.getFileName().toString().replace(".java", "");
    return "[%s](../%s)".formatted(name, ROOT.relativize(file).toString().replace('\\', '/'));
  }

  /** Test classes that make such an op and run it through the contract. */
  private static List<Path> contractTests(JavaClass op) {
    String module = op.getName().substring(0, op.getName().indexOf('.'));
    Predicate<String> makesIt =
        Pattern.compile("\\bnew " + op.getSimpleName() + "\\(").asPredicate();
    try (Stream<Path> files = Files.walk(ROOT.resolve(module + "/src/test/java"))) {
      return files
          .filter(f -> f.toString().endsWith("Test.java"))
          .filter(f -> makesIt.test(read(f)) && read(f).contains("OpContract."))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Set<String> kernelNames() {
    Set<String> names = new TreeSet<>();
    CLASSES.get(Kernels.class).getMethods().forEach(m -> names.add(m.getName()));
    names.removeAll(NOT_KERNELS);
    return names;
  }

  /** The kernels that an op calls itself or through helpers of the op packages. */
  private static Set<String> kernels(JavaClass op) {
    Set<String> names = new TreeSet<>();
    Deque<JavaCodeUnit> open = new ArrayDeque<>(op.getCodeUnits());
    Set<JavaCodeUnit> seen = new HashSet<>(open);
    while (!open.isEmpty()) {
      for (JavaAccess<?> access : open.pop().getAccessesFromSelf()) {
        JavaClass owner = access.getTargetOwner();
        if (owner.isEquivalentTo(Kernels.class)) {
          names.add(access.getTarget().getName());
        } else if (owner.getPackageName().startsWith("engine.op")) {
          access.getTarget().resolveMember().stream()
              .filter(m -> m instanceof JavaCodeUnit unit && seen.add(unit))
              .forEach(m -> open.push((JavaCodeUnit) m));
        }
      }
    }
    names.removeAll(NOT_KERNELS);
    return names;
  }

  /** Where the definitions are: what the methods of ScalarKernels call in their package. */
  private static Set<String> scalarClasses(Set<String> kernels) {
    return methods(ScalarKernels.class.getName(), kernels::contains)
        .flatMap(m -> m.getAccessesFromSelf().stream())
        .map(a -> a.getTargetOwner().getName())
        .filter(name -> name.matches("engine\\.kernel\\.scalar\\.(Scalar|Host)\\w+"))
        .filter(name -> !name.equals(ScalarKernels.class.getName()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** What SimdKernels puts in their place: whole kernels, or the innermost loops they share. */
  private static Set<String> simdClasses(Set<String> kernels) {
    Set<String> shared =
        methods(ScalarKernels.class.getName(), kernels::contains)
            .flatMap(m -> m.getAccessesFromSelf().stream())
            .filter(a -> a.getTargetOwner().isEquivalentTo(ScalarKernels.class))
            .map(a -> a.getTarget().getName())
            .collect(Collectors.toSet());
    return methods(SIMD_KERNELS, name -> kernels.contains(name) || shared.contains(name))
        .flatMap(m -> m.getAccessesFromSelf().stream())
        .flatMap(DocsTest::reached)
        .map(JavaClass::getName)
        .filter(name -> name.startsWith("engine.kernel.simd.") && !name.equals(SIMD_KERNELS))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The class that an access leads to; for a constant of SimdKernels that of its value. */
  private static Stream<JavaClass> reached(JavaAccess<?> access) {
    JavaClass owner = access.getTargetOwner();
    if (!(access instanceof JavaFieldAccess field) || !owner.getName().equals(SIMD_KERNELS)) {
      return Stream.of(owner);
    }
    return owner.getStaticInitializer().stream()
        .flatMap(init -> init.getConstructorCallsFromSelf().stream())
        .map(JavaAccess::getTargetOwner)
        .filter(made -> made.isAssignableTo(field.getTarget().getRawType().getName()));
  }

  private static Stream<JavaCodeUnit> methods(String className, Predicate<String> named) {
    return CLASSES.get(className).getMethods().stream()
        .filter(m -> named.test(m.getName()))
        .map(JavaCodeUnit.class::cast);
  }
}
