package tools;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** The doc comments of a source file, as the compiler reads them; nothing is compiled. */
final class SourceDocs {
  private SourceDocs() {}

  /**
   * Of the types of a file by their simple names, and of their methods as {@code Type#method},
   * overloads joined; empty where there is none.
   */
  static Map<String, String> of(Path file) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, files, d -> {}, List.of(), null, files.getJavaFileObjects(file));
      Map<String, String> docs = new TreeMap<>();
      for (CompilationUnitTree unit : task.parse()) {
        new Collector(DocTrees.instance(task), docs).scan(unit, "");
      }
      return docs;
    }
  }

  private static final class Collector extends TreePathScanner<Void, String> {
    private final DocTrees trees;
    private final Map<String, String> docs;

    Collector(DocTrees trees, Map<String, String> docs) {
      this.trees = trees;
      this.docs = docs;
    }

    @Override
    public Void visitClass(ClassTree type, String outer) {
      note(type.getSimpleName().toString());
      return super.visitClass(type, type.getSimpleName().toString());
    }

    @Override
    public Void visitMethod(MethodTree method, String outer) {
      note(outer + "#" + method.getName());
      return super.visitMethod(method, outer);
    }

    private void note(String name) {
      String comment = trees.getDocComment(getCurrentPath());
      String text = comment == null ? "" : comment.replaceAll("\\s+", " ");
      docs.merge(name, text, (a, b) -> a + " " + b);
    }
  }
}
