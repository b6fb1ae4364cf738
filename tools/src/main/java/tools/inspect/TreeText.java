package tools.inspect;

import engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import medsora.cost.Cost;

/** A module tree as lines of text: what it is, its shapes, parameters and multiply-adds. */
final class TreeText {
  private static final int NAME = 54;
  private static final int SHAPES = 54;

  private final boolean full;
  private final int depth;
  private final List<String> lines = new ArrayList<>();

  private TreeText(boolean full, int depth) {
    this.full = full;
    this.depth = depth;
  }

  /**
   * @param full every module on its own line; else neighbours that are alike share one, and what
   *     lies deeper than {@code depth} is summed up
   */
  static List<String> of(Node root, boolean full, int depth) {
    TreeText text = new TreeText(full, depth);
    text.line("module", "shapes", "parameters", "conv+linear", "scan", "attention");
    text.add(root, root.name(), 0);
    return text.lines;
  }

  private void add(Node node, String name, int level) {
    Cost c = node.cost();
    line(
        "  ".repeat(level) + name + " " + node.type(),
        shapes(node),
        String.format(Locale.ROOT, "%,d", node.parameters()),
        giga(c.products()),
        giga(c.scan()),
        giga(c.attention()));
    if (full || level < depth) {
      children(node.children(), level + 1);
    }
  }

  private void children(List<Node> nodes, int level) {
    for (int i = 0; i < nodes.size(); ) {
      int end = i + 1;
      while (!full && end < nodes.size() && follows(nodes.get(i), nodes.get(end), end - i)) {
        end++;
      }
      Node node = nodes.get(i);
      int count = end - i;
      String name = count == 1 ? node.name() : name(node, nodes.get(end - 1), count);
      add(node, name, level);
      i = end;
    }
  }

  private static String name(Node first, Node last, int count) {
    String index = last.name().substring(last.name().lastIndexOf('.') + 1);
    return first.name() + ".." + index + " (" + count + ", each)";
  }

  /** Whether {@code other} is the {@code step}-th after {@code first} in a numbered list. */
  private static boolean follows(Node first, Node other, int step) {
    int dot = first.name().lastIndexOf('.') + 1;
    String index = first.name().substring(dot);
    return index.matches("\\d{1,6}")
        && other.name().equals(first.name().substring(0, dot) + (Integer.parseInt(index) + step))
        && first.isLike(other);
  }

  private static String shapes(Node node) {
    StringBuilder text = new StringBuilder();
    for (Map.Entry<String, Shape> e : node.own().entrySet()) {
      text.append(e.getKey()).append(' ').append(e.getValue()).append(' ');
    }
    if (node.output() != null) {
      text.append("-> ").append(node.output());
      text.append(node.cost().calls() > 1 ? " x" + node.cost().calls() : "");
    }
    return text.toString().strip();
  }

  /** Thousand millions with as many digits as say something. */
  static String giga(long count) {
    return count == 0 ? "" : String.format(Locale.ROOT, "%.4f", count / 1e9);
  }

  private void line(String name, String shapes, String... figures) {
    StringBuilder text = new StringBuilder();
    text.append(String.format("%-" + NAME + "s %-" + SHAPES + "s", name, shapes));
    for (String figure : figures) {
      text.append(String.format("%14s", figure));
    }
    lines.add(text.toString().stripTrailing());
  }
}
