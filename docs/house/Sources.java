import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** The main code of a checkout, as the compiler parses it; nothing is compiled. */
record Sources(Path root, List<Unit> units) {
  /** Folders that hold a src/main/java; where one is missing the checkout is older or younger. */
  static final List<String> MODULES =
      List.of("engine", "nn", "medsora", "tools", "tools/conform", "tools/djl");

  /** One source file. */
  record Unit(
      String module,
      Path file,
      CompilationUnitTree tree,
      List<String> lines,
      DocTrees docs,
      SourcePositions positions) {

    String packageName() {
      return tree.getPackageName() == null ? "" : tree.getPackageName().toString();
    }

    long line(long position) {
      return tree.getLineMap().getLineNumber(position);
    }

    /** Whether it declares a package or a module and nothing else. */
    boolean isInfo() {
      return file.endsWith("package-info.java") || file.endsWith("module-info.java");
    }
  }

  static Sources of(Path root) throws IOException {
    List<Unit> units = new ArrayList<>();
    for (String module : MODULES) {
      Path folder = root.resolve(module).resolve("src/main/java");
      if (Files.isDirectory(folder)) {
        units.addAll(parse(module, javaFiles(folder)));
      }
    }
    if (units.isEmpty()) {
      throw new IOException("no module of " + MODULES + " with a src/main/java in " + root);
    }
    return new Sources(root, units);
  }

  private static List<Path> javaFiles(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(f -> f.toString().endsWith(".java")).sorted().toList();
    }
  }

  private static List<Unit> parse(String module, List<Path> files) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, manager, d -> {}, null, null, manager.getJavaFileObjectsFromPaths(files));
      DocTrees docs = DocTrees.instance(task);
      List<Unit> units = new ArrayList<>();
      for (CompilationUnitTree tree : task.parse()) {
        Path file = Path.of(tree.getSourceFile().toUri());
        units.add(
            new Unit(
                module, file, tree, Files.readAllLines(file), docs, docs.getSourcePositions()));
      }
      return units;
    }
  }
}
