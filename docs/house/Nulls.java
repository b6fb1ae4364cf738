import com.sun.source.tree.ClassTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreePathScanner;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.lang.model.element.Modifier;

/**
 * Parameters, components and results of engine, nn and medsora whose doc comment allows null, and
 * that are not marked {@code @Nullable}.
 */
final class Nulls extends TreePathScanner<Void, Void> {
  private static final Pattern ALLOWS =
      Pattern.compile(
          "\\b(?:or null|may be null|null (?:for|where|without|if|unless|means|until|while))\\b",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern BLOCK = Pattern.compile("(?m)^ ?@(\\w+) ?");
  private static final String MARK = "@Nullable";

  private final Sources.Unit unit;
  private final List<String> unmarked = new ArrayList<>();

  private Nulls(Sources.Unit unit) {
    this.unit = unit;
  }

  static List<String> unmarked(Sources sources) {
    List<String> all = new ArrayList<>();
    for (Sources.Unit unit : sources.units()) {
      if (!unit.module().startsWith("tools")) {
        Nulls found = new Nulls(unit);
        found.scan(unit.tree(), null);
        all.addAll(found.unmarked);
      }
    }
    return all;
  }

  @Override
  public Void visitClass(ClassTree tree, Void nothing) {
    if (tree.getKind() == Tree.Kind.RECORD) {
      List<VariableTree> components = new ArrayList<>();
      for (Tree member : tree.getMembers()) {
        if (member instanceof VariableTree field
            && !field.getModifiers().getFlags().contains(Modifier.STATIC)) {
          components.add(field);
        }
      }
      parameters(tree.getSimpleName().toString(), components);
    }
    return super.visitClass(tree, nothing);
  }

  @Override
  public Void visitMethod(MethodTree tree, Void nothing) {
    String name = tree.getName().toString();
    parameters(name, tree.getParameters());
    for (String block : blocks()) {
      boolean result = !block.startsWith("@") || block.startsWith("@return");
      if (result && isObject(tree) && saysResult(block) && !isMarked(tree)) {
        report(name, "result");
      }
    }
    return super.visitMethod(tree, nothing);
  }

  /** The main sentence of a comment speaks of the result where it says "x, or null". */
  private static boolean saysResult(String block) {
    return block.startsWith("@") ? ALLOWS.matcher(block).find() : block.contains(", or null ");
  }

  private static boolean isObject(MethodTree tree) {
    Tree type = tree.getReturnType();
    return type != null && type.getKind() != Tree.Kind.PRIMITIVE_TYPE;
  }

  private static boolean isMarked(MethodTree tree) {
    return (tree.getModifiers() + " " + tree.getReturnType()).contains(MARK);
  }

  private void parameters(String owner, List<? extends VariableTree> parameters) {
    for (String block : blocks()) {
      for (VariableTree p : parameters) {
        boolean isIts = block.matches("(?s)@param\\s+" + p.getName() + "\\b.*");
        if (isIts && ALLOWS.matcher(block).find() && !p.toString().contains(MARK)) {
          report(owner, p.getName().toString());
        }
      }
    }
  }

  private void report(String owner, String what) {
    unmarked.add(unit.file() + ": " + owner + ": " + what);
  }

  /** The main text of the comment at hand, then its tags. */
  private List<String> blocks() {
    String doc = unit.docs().getDocComment(getCurrentPath());
    List<String> blocks = new ArrayList<>();
    if (doc != null) {
      Matcher tag = BLOCK.matcher(doc);
      int from = 0;
      while (tag.find()) {
        blocks.add(doc.substring(from, tag.start()).strip());
        from = tag.start();
      }
      blocks.add(doc.substring(from).strip());
    }
    return blocks.stream().map(b -> b.replaceAll("\\s+", " ")).toList();
  }
}
