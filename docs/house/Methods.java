import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.ExpressionStatementTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ReturnTree;
import com.sun.source.tree.StatementTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreePathScanner;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.lang.model.element.Modifier;

/** Collects the methods, constructors and types of a file. */
final class Methods extends TreePathScanner<Void, Void> {
  /**
   * A method or constructor, or the heading of a record, which declares both.
   *
   * @param lines from its signature to its closing brace; 0 without a body
   * @param isOpen whether it and every type around it are public
   * @param forwards whether it only hands its parameters on to one other method
   */
  record Method(
      Sources.Unit unit,
      String type,
      String name,
      List<String> parameters,
      String result,
      int lines,
      boolean isOpen,
      boolean isOverride,
      boolean isRecord,
      boolean forwards,
      String doc) {
    String label() {
      return type + (isRecord || name.equals("<init>") ? "" : "." + name);
    }
  }

  /** A type; nested ones have the names of those around them before theirs. */
  record Type(Sources.Unit unit, String name, boolean isOpen) {
    boolean isTop() {
      return !name.contains(".");
    }
  }

  /** A type that is being scanned. */
  private record Around(String name, boolean isOpen, boolean isInterface) {}

  final List<Method> methods = new ArrayList<>();
  final List<Type> types = new ArrayList<>();
  private final Deque<Around> around = new ArrayDeque<>();
  private final Sources.Unit unit;

  private Methods(Sources.Unit unit) {
    this.unit = unit;
  }

  static Methods of(Sources.Unit unit) {
    Methods found = new Methods(unit);
    found.scan(unit.tree(), null);
    return found;
  }

  @Override
  public Void visitClass(ClassTree tree, Void nothing) {
    if (tree.getSimpleName().isEmpty()) {
      return super.visitClass(tree, nothing);
    }
    Around outer = around.peek();
    String name = (outer == null ? "" : outer.name + ".") + tree.getSimpleName();
    boolean inInterface = outer != null && outer.isInterface;
    boolean isOpen =
        (tree.getModifiers().getFlags().contains(Modifier.PUBLIC) || inInterface)
            && (outer == null || outer.isOpen);
    boolean isInterface = tree.getKind() == Tree.Kind.INTERFACE;
    types.add(new Type(unit, name, isOpen));
    if (tree.getKind() == Tree.Kind.RECORD) {
      methods.add(heading(tree, name, isOpen));
    }
    around.push(new Around(name, isOpen, isInterface));
    super.visitClass(tree, nothing);
    around.pop();
    return null;
  }

  private Method heading(ClassTree tree, String name, boolean isOpen) {
    List<String> components = new ArrayList<>();
    for (Tree member : tree.getMembers()) {
      if (member instanceof VariableTree field
          && !field.getModifiers().getFlags().contains(Modifier.STATIC)) {
        components.add(field.getType().toString());
      }
    }
    return new Method(unit, name, name, components, "", 0, isOpen, false, true, false, doc());
  }

  private String doc() {
    String comment = unit.docs().getDocComment(getCurrentPath());
    return comment == null ? "" : comment;
  }

  @Override
  public Void visitMethod(MethodTree tree, Void nothing) {
    Around type = around.peek();
    boolean isGenerated = unit.positions().getEndPosition(unit.tree(), tree) < 0;
    // The compact constructor of a record has the parameters of the heading, which is counted.
    boolean isCompact = tree.getName().contentEquals("<init>") && isCompact(tree);
    if (type != null && !isGenerated && !isCompact) {
      methods.add(method(tree, type));
    }
    return super.visitMethod(tree, nothing);
  }

  private boolean isCompact(MethodTree tree) {
    return tree.getParameters().stream()
        .anyMatch(p ->
            unit.positions().getStartPosition(unit.tree(), p) < 0
                || unit.positions().getStartPosition(unit.tree(), p)
                    < unit.positions().getStartPosition(unit.tree(), tree));
  }

  private Method method(MethodTree tree, Around type) {
    Set<Modifier> flags = tree.getModifiers().getFlags();
    boolean isPublic =
        flags.contains(Modifier.PUBLIC) || (type.isInterface && !flags.contains(Modifier.PRIVATE));
    List<String> parameters = tree.getParameters().stream().map(p -> type(p)).toList();
    return new Method(
        unit,
        type.name,
        tree.getName().toString(),
        parameters,
        tree.getReturnType() == null ? "" : tree.getReturnType().toString(),
        tree.getBody() == null ? 0 : lines(tree),
        isPublic && type.isOpen,
        tree.getModifiers().getAnnotations().stream().anyMatch(Methods::isOverride),
        false,
        forwards(tree),
        doc());
  }

  private static String type(VariableTree parameter) {
    return parameter.getType() == null ? "" : parameter.getType().toString();
  }

  private static boolean isOverride(AnnotationTree annotation) {
    return annotation.getAnnotationType().toString().equals("Override");
  }

  private int lines(MethodTree tree) {
    long from = unit.line(unit.positions().getStartPosition(unit.tree(), tree));
    long to = unit.line(unit.positions().getEndPosition(unit.tree(), tree));
    return (int) (to - from + 1);
  }

  /**
   * One call whose arguments are the method's parameters, each as it is or unwrapped by a call,
   * beside what the object itself or nobody owns.
   */
  private static boolean forwards(MethodTree tree) {
    if (tree.getBody() == null
        || tree.getParameters().isEmpty()
        || tree.getBody().getStatements().size() != 1) {
      return false;
    }
    Set<String> open = new HashSet<>();
    tree.getParameters().forEach(p -> open.add(p.getName().toString()));
    Set<String> own = Set.copyOf(open);
    MethodInvocationTree call = onlyCall(tree.getBody().getStatements().get(0));
    if (call == null || !isPlain(call.getMethodSelect())) {
      return false;
    }
    for (ExpressionTree argument : call.getArguments()) {
      if (!handsOn(argument, own, open)) {
        return false;
      }
    }
    return open.isEmpty();
  }

  private static MethodInvocationTree onlyCall(StatementTree statement) {
    ExpressionTree expression =
        switch (statement) {
          case ReturnTree r -> r.getExpression();
          case ExpressionStatementTree e -> e.getExpression();
          default -> null;
        };
    return expression instanceof MethodInvocationTree call ? call : null;
  }

  /** A name, perhaps of a member: no call before the call. */
  private static boolean isPlain(ExpressionTree select) {
    return select instanceof IdentifierTree
        || (select instanceof MemberSelectTree member && isPlain(member.getExpression()));
  }

  private static boolean handsOn(ExpressionTree argument, Set<String> own, Set<String> open) {
    if (argument instanceof MethodInvocationTree call && isPlain(call.getMethodSelect())) {
      // What belongs to the object itself, such as the loops of a backend.
      if (call.getArguments().isEmpty() && call.getMethodSelect() instanceof IdentifierTree) {
        return true;
      }
      return call.getArguments().size() == 1
          && call.getArguments().get(0) instanceof IdentifierTree only
          && own.contains(only.getName().toString())
          && handsOn(only, own, open);
    }
    if (argument instanceof IdentifierTree identifier) {
      open.remove(identifier.getName().toString());
      return true;
    }
    return argument instanceof LiteralTree || isPlain(argument);
  }
}
