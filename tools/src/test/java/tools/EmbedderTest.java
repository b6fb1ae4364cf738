package tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * A Maven project outside this build, with the lines of README.md and docs/embedding.md, in an
 * empty local repository that holds this build's jars: it loads a checkpoint, samples and trains a
 * step, on the class path and as a module. What others made comes from the repository of the user
 * as if that were a server, so nothing is downloaded; this project's jars there are not looked at.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EmbedderTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin");
  private static final String VERSION = "0.1.0-SNAPSHOT";
  private static final String TRAINED = "embedded step 1";

  @TempDir static Path folder;

  private static Path project;
  private static Path run;

  @BeforeAll
  static void install() throws IOException {
    for (String module : List.of("engine", "nn", "medsora")) {
      assumeTrue(
          isPackaged(module), module + " is not packaged; `mvn verify` packs it before this test");
    }
    assumeTrue(Files.isExecutable(maven()), "no Maven at " + maven());
    run = folder.resolve("run");
    assertEquals(0, Runs.tiny(run).code());
    Path repository = folder.resolve("repository");
    put(repository, "medsora-parent", ROOT.resolve("pom.xml"));
    put(repository, "medsora-bom", ROOT.resolve("tools/bom/pom.xml"));
    for (String module : List.of("engine", "nn", "medsora")) {
      put(repository, module, ROOT.resolve(module).resolve("pom.xml"));
    }
    project = folder.resolve("project");
    write("settings.xml", settings());
    write("pom.xml", pom());
    write("src/main/java/embedder/Main.java", program());
  }

  @Test
  @Order(1)
  void buildsAndRunsWithTheLinesOfTheReadme() throws IOException, InterruptedException {
    Spoken built =
        speak(
            maven().toString(),
            "-B",
            "-q",
            "-ntp",
            "-s",
            "settings.xml",
            "-Dmaven.repo.local=" + folder.resolve("repository"),
            "compile",
            "org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies");
    assertEquals(0, built.code(), built.text());
    String path = project.resolve("target/classes") + File.pathSeparator + libraries() + "/*";
    Spoken said = java("-cp", path, "embedder.Main", run.toString());
    assertTrue(said.text().contains(TRAINED), said.text());
  }

  /** Needs what the first test copied. */
  @Test
  @Order(2)
  void runsAsAModule() throws IOException, InterruptedException {
    assertEquals("", compiled("requires medsora.model;", program()));
    String path = libraries() + File.pathSeparator + project.resolve("modules");
    Spoken said = java("-p", path, "-m", "embedder/embedder.Main", run.toString());
    assertTrue(said.text().contains(TRAINED), said.text());
  }

  @Test
  @Order(3)
  void insidesAreNotSeen() throws IOException, InterruptedException {
    String said =
        compiled(
            "requires medsora.model;",
            "package embedder;\n\nclass Main {\n  engine.kernel.scalar.ScalarKernels inside;\n}\n");
    assertTrue(said.contains("engine.kernel.scalar is not visible"), said);
  }

  private static boolean isPackaged(String module) throws IOException {
    Path jar = jar(module);
    if (!Files.exists(jar)) {
      return false;
    }
    try (Stream<Path> classes = Files.walk(ROOT.resolve(module).resolve("target/classes"))) {
      long packed = Files.getLastModifiedTime(jar).toMillis();
      return classes.map(Path::toFile).allMatch(c -> c.lastModified() <= packed);
    }
  }

  private static Path jar(String module) {
    return ROOT.resolve(module).resolve("target/" + module + "-" + VERSION + ".jar");
  }

  /** Where the build that runs this test is Maven's, the Maven of that build. */
  private static Path maven() {
    boolean windows = System.getProperty("os.name").startsWith("Windows");
    String name = windows ? "mvn.cmd" : "mvn";
    String home = System.getProperty("maven.home");
    if (home != null) {
      return Path.of(home, "bin", name);
    }
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .map(p -> Path.of(p, name))
        .filter(Files::isExecutable)
        .findFirst()
        .orElse(Path.of(name));
  }

  /** What {@code mvn install} does: a pom and a jar at the place of their coordinates. */
  private static void put(Path repository, String artifact, Path pom) throws IOException {
    Path place = repository.resolve("medsora").resolve(artifact).resolve(VERSION);
    Files.createDirectories(place);
    String name = artifact + "-" + VERSION;
    Files.copy(pom, place.resolve(name + ".pom"));
    if (Files.exists(jar(artifact))) {
      Files.copy(jar(artifact), place.resolve(name + ".jar"));
    }
  }

  private static String settings() {
    Path theirs =
        Path.of(
            System.getProperty(
                "maven.repository", System.getProperty("user.home") + "/.m2/repository"));
    String repository =
        "<id>theirs</id><url>"
            + theirs.toUri()
            + "</url><releases><checksumPolicy>ignore</checksumPolicy></releases>"
            + "<snapshots><enabled>false</enabled></snapshots>";
    return "<settings><profiles><profile><id>theirs</id>"
        + "<repositories><repository>"
        + repository
        + "</repository></repositories><pluginRepositories><pluginRepository>"
        + repository
        + "</pluginRepository></pluginRepositories></profile></profiles>"
        + "<activeProfiles><activeProfile>theirs</activeProfile></activeProfiles></settings>\n";
  }

  private static String pom() throws IOException {
    return """
    <project>
      <modelVersion>4.0.0</modelVersion>
      <groupId>embedder</groupId>
      <artifactId>embedder</artifactId>
      <version>1</version>
      <properties>
        <maven.compiler.release>25</maven.compiler.release>
        <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
      </properties>
    %s
      <dependencies>
    %s</dependencies>
      <build>
        <plugins>
          <plugin>
            <artifactId>maven-compiler-plugin</artifactId>
            <version>3.14.1</version>
          </plugin>
          <plugin>
            <artifactId>maven-dependency-plugin</artifactId>
            <version>3.9.0</version>
            <configuration>
              <outputDirectory>${project.build.directory}/lib</outputDirectory>
              <includeScope>runtime</includeScope>
            </configuration>
          </plugin>
        </plugins>
      </build>
    </project>
    """
        .formatted(block("docs/embedding.md", "xml"), block("README.md", "xml"));
  }

  /** The Java of README.md in a class, with the imports of the test that holds the same lines. */
  private static String program() throws IOException {
    String imports =
        Files.readAllLines(Path.of("src/test/java/tools/ReadmeTest.java")).stream()
            .filter(l -> l.matches("import (medsora|java)\\..*"))
            .collect(Collectors.joining("\n"));
    return "package embedder;\n\n"
        + imports
        + "\n\npublic class Main {\n"
        + block("README.md", "java")
        + """

          public static void main(String[] arguments) throws IOException {
            System.out.println("embedded step " + tryOut(Path.of(arguments[0])).step());
          }
        }
        """;
  }

  private static String block(String page, String language) throws IOException {
    Matcher block =
        Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(ROOT.resolve(page)));
    assertTrue(block.find(), page + " has a block of " + language);
    return block.group(1);
  }

  /** Compiles a module of one class against the jars; what the compiler says of errors. */
  private static String compiled(String requires, String source)
      throws IOException, InterruptedException {
    write("module/module-info.java", "module embedder {\n  " + requires + "\n}\n");
    write("module/embedder/Main.java", source);
    Spoken said =
        speak(
            JAVA.resolve("javac").toString(),
            "-p",
            libraries().toString(),
            "-d",
            "modules",
            "module/module-info.java",
            "module/embedder/Main.java");
    return said.code() == 0 ? "" : said.text();
  }

  private static Path libraries() {
    return project.resolve("target/lib");
  }

  private static void write(String name, String text) throws IOException {
    Path file = project.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private static Spoken java(String... arguments) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>();
    words.add(JAVA.resolve("java").toString());
    words.addAll(List.of("-Xmx1g", "--add-modules", "jdk.incubator.vector"));
    words.addAll(List.of(arguments));
    return speak(words.toArray(String[]::new));
  }

  private static Spoken speak(String... words) throws IOException, InterruptedException {
    Path said = folder.resolve("said");
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .directory(project.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    int code = builder.start().waitFor();
    return new Spoken(code, Files.readString(said));
  }

  /** How a program ended and all that it said. */
  private record Spoken(int code, String text) {}
}
