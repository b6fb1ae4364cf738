package nn.optim;

import engine.kernel.Backends;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Joins the gradients of micro-batches by a balanced binary tree over the micro-batch index
 * (numeric contract N4): ((0+1)+(2+3))+... The shape of the tree depends on the count alone: leaves
 * may come in any order, and whole subtrees may have been joined elsewhere. Where leaves come in
 * their order, at most log2(M) + 1 sets of gradients are alive.
 */
public final class GradientTree {
  /**
   * The sum of some neighbouring leaves.
   *
   * @param first the lowest of them, a multiple of {@code leaves}
   * @param leaves how many, a power of two
   * @param gradients parameter by parameter
   */
  public record Subtree(int first, int leaves, List<Tensor> gradients) {
    public Subtree {
      if (Integer.bitCount(leaves) != 1 || leaves < 1 || first < 0 || first % leaves != 0) {
        throw new IllegalArgumentException(
            "[gradients] no subtree has %d leaves from leaf %d on".formatted(leaves, first));
      }
    }

    private int end() {
      return first + leaves;
    }

    /** The first leaf of the subtree that it is joined with. */
    private int sibling() {
      return first ^ leaves;
    }
  }

  private final TreeMap<Integer, Subtree> parts = new TreeMap<>();

  /** Adds the gradients of a micro-batch, parameter by parameter; takes them over. */
  public void add(int leaf, List<Tensor> gradients) {
    add(new Subtree(leaf, 1, gradients));
  }

  /** Adds what was joined elsewhere; takes it over. */
  public void add(Subtree part) {
    Subtree node = part;
    Subtree other = parts.get(node.sibling());
    while (other != null && other.leaves() == node.leaves()) {
      parts.remove(other.first());
      node = other.first() < node.first() ? joined(other, node) : joined(node, other);
      other = parts.get(node.sibling());
    }
    if (parts.put(node.first(), node) != null) {
      throw new IllegalStateException("[gradients] leaf " + node.first() + " was added twice");
    }
  }

  private static Subtree joined(Subtree left, Subtree right) {
    addInto(left.gradients(), right.gradients());
    return new Subtree(left.first(), 2 * left.leaves(), left.gradients());
  }

  private static void addInto(List<Tensor> left, List<Tensor> right) {
    for (int i = 0; i < left.size(); i++) {
      Tensor into = left.get(i);
      Tensor from = right.get(i);
      Backends.current().elementwise().addInto(into.storage(), from.storage(), into.size());
      from.storage().release();
    }
  }

  /** What has been joined so far, by its leaves, for another tree; this one is empty afterwards. */
  public List<Subtree> take() {
    List<Subtree> all = List.copyOf(parts.values());
    parts.clear();
    return all;
  }

  /**
   * The sum over the micro-batches 0 .. {@code count} - 1; the tree is empty afterwards.
   *
   * @throws IllegalStateException where a leaf is missing or was added twice
   */
  public List<Tensor> sum(int count) {
    List<Subtree> rest = new ArrayList<>(take());
    int next = 0;
    for (Subtree part : rest) {
      requireLeaf(next, part.first());
      next = part.end();
    }
    requireLeaf(next, count);
    if (rest.isEmpty()) {
      throw new IllegalStateException("[gradients] no micro-batch was added");
    }
    List<Tensor> sum = rest.removeLast().gradients();
    while (!rest.isEmpty()) {
      List<Tensor> left = rest.removeLast().gradients();
      addInto(left, sum);
      sum = left;
    }
    return sum;
  }

  private static void requireLeaf(int wanted, int found) {
    if (found != wanted) {
      throw new IllegalStateException(
          "[gradients] the tree wants leaf %d next, got %d".formatted(wanted, found));
    }
  }
}
