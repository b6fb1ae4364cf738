package tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import engine.autodiff.Op;
import engine.kernel.Kernels;
import engine.numeric.NumericContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
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
  private static final Path OPENCL = ROOT.resolve("engine/src/main/resources/engine/kernel/opencl");

  /** OpenCL files of no family: what all programs or some of them share, and those of the bench. */
  private static final Set<String> SHARED =
      Set.of("elementary.cl", "sums.cl", "walks.cl", "strides.cl", "planes.cl", "peaks.cl");

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

  /** One stem for an op: its OpenCL file stands beside the class that calls it. */
  @Test
  void everyOpenClFileHasItsRow() throws IOException {
    String page = Files.readString(DOCS.resolve("ops.md"));
    try (Stream<Path> files = Files.list(OPENCL)) {
      List<String> without =
          files
              .map(f -> f.getFileName().toString())
              .filter(f -> !SHARED.contains(f) && !page.contains("[" + f + "]"))
              .sorted()
              .toList();
      assertEquals(List.of(), without, "OpenCL files of no family of kernels");
    }
    List<String> without =
        implementations("opencl", kernelNames()).stream()
            .filter(host -> openClFile(host).isEmpty() && !host.endsWith(".OpenClFft2"))
            .toList();
    assertEquals(List.of(), without, "classes without an OpenCL file of their stem");
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

  /** The columns of the scalar, the vector and the OpenCL classes behind some kernels. */
  private static String files(Set<String> kernels) {
    return links(scalarClasses(kernels))
        + " | "
        + links(simdClasses(kernels))
        + " | "
        + openCl(kernels);
  }

  /** The hosts of some kernels, each with the file of its stem. */
  private static String openCl(Set<String> kernels) {
    Set<String> hosts = implementations("opencl", kernels);
    String all =
        hosts.stream()
            .map(host -> link(host) + openClFile(host).map(f -> " " + f).orElse(""))
            .collect(Collectors.joining(" "));
    return all.isEmpty() ? "none" : all;
  }

  private static Optional<String> openClFile(String host) {
    String stem = host.substring(host.lastIndexOf('.') + 1).replace("OpenCl", "");
    String file = stem.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toLowerCase(Locale.ROOT) + ".cl";
    return Files.exists(OPENCL.resolve(file))
        ? Optional.of("[%s](../%s/%s)".formatted(file, path(OPENCL), file))
        : Optional.empty();
  }

  private static String path(Path file) {
    return ROOT.relativize(file).toString().replace('\\', '/');
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
    return "[%s](../%s)".formatted(name, path(file));
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

  /** The families of kernels by the method of Kernels that gives each. */
  private static Map<String, JavaClass> families() {
    Map<String, JavaClass> families = new TreeMap<>();
    for (JavaMethod method : CLASSES.get(Kernels.class).getMethods()) {
      JavaClass type = method.getRawReturnType();
      if (type.isInterface() && type.getSimpleName().endsWith("Kernels")) {
        families.put(method.getName(), type);
      }
    }
    return families;
  }

  /** All kernels, as they are called: {@code conv3d.forward}. */
  private static Set<String> kernelNames() {
    Set<String> names = new TreeSet<>();
    families()
        .forEach((accessor, family) ->
            family.getMethods().forEach(m -> names.add(accessor + "." + m.getName())));
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
        if (families().containsValue(owner)) {
          names.add(accessor(owner) + "." + access.getTarget().getName());
        } else if (owner.getPackageName().startsWith("engine.op")) {
          access.getTarget().resolveMember().stream()
              .filter(m -> m instanceof JavaCodeUnit unit && seen.add(unit))
              .forEach(m -> open.push((JavaCodeUnit) m));
        }
      }
    }
    return names;
  }

  private static String accessor(JavaClass family) {
    return families().entrySet().stream()
        .filter(e -> e.getValue().equals(family))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow();
  }

  /** The classes of a backend that implement the families of some kernels. */
  private static Set<String> implementations(String backend, Set<String> kernels) {
    Map<String, JavaClass> families = families();
    return kernels.stream()
        .map(k -> families.get(k.substring(0, k.indexOf('.'))))
        .flatMap(family -> family.getAllSubclasses().stream())
        .filter(c -> c.getPackageName().equals("engine.kernel." + backend))
        .map(JavaClass::getName)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Where the definitions are. */
  private static Set<String> scalarClasses(Set<String> kernels) {
    return implementations("scalar", kernels);
  }

  /** What vectors put in their place: whole families, or the innermost loops they share. */
  private static Set<String> simdClasses(Set<String> kernels) {
    Set<String> all = implementations("simd", kernels);
    Stream.concat(List.copyOf(all).stream(), scalarClasses(kernels).stream())
        .flatMap(name -> CLASSES.get(name).getConstructors().stream())
        .flatMap(made -> made.getRawParameterTypes().stream())
        .flatMap(loops -> loops.getAllSubclasses().stream())
        .filter(c -> c.getPackageName().equals("engine.kernel.simd"))
        .forEach(c -> all.add(c.getName()));
    return all;
  }
}
