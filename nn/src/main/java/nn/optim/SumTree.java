package nn.optim;

import engine.kernel.Backends;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * Joins what micro-batches give by a balanced binary tree over the micro-batch index (numeric
 * contract N4): ((0+1)+(2+3))+... The shape of the tree depends on the count alone: leaves may come
 * in any order, and whole subtrees may have been joined elsewhere. Where leaves come in their
 * order, at most log2(M) + 1 summands are alive.
 *
 * @param <T> a summand of any kind
 */
public final class SumTree<T> {
  /**
   * The sum of some neighbouring leaves.
   *
   * @param first the lowest of them, a multiple of {@code leaves}
   * @param leaves how many, a power of two
   */
  public record Subtree<T>(int first, int leaves, T sum) {
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

  private final BiConsumer<T, T> addInto;
  private final TreeMap<Integer, Subtree<T>> parts = new TreeMap<>();

  /**
   * An empty tree.
   *
   * @param addInto adds its second argument, which is not used afterwards, to its first
   */
  public SumTree(BiConsumer<T, T> addInto) {
    this.addInto = addInto;
  }

  /** Of gradients of one parameter, each of its shape; memory that is not needed goes back. */
  public static SumTree<Tensor> ofGradients() {
    return new SumTree<>((into, from) -> {
      Backends.current().elementwise().addInto(into.storage(), from.storage(), into.size());
      from.storage().release();
    });
  }

  /** Adds what a micro-batch gave; takes it over. */
  public void add(int leaf, T summand) {
    add(new Subtree<>(leaf, 1, summand));
  }

  /** Adds what was joined elsewhere; takes it over. */
  public void add(Subtree<T> part) {
    Subtree<T> node = part;
    Subtree<T> other = parts.get(node.sibling());
    while (other != null && other.leaves() == node.leaves()) {
      parts.remove(other.first());
      node = other.first() < node.first() ? joined(other, node) : joined(node, other);
      other = parts.get(node.sibling());
    }
    if (parts.put(node.first(), node) != null) {
      throw new IllegalStateException("[gradients] leaf " + node.first() + " was added twice");
    }
  }

  private Subtree<T> joined(Subtree<T> left, Subtree<T> right) {
    addInto.accept(left.sum(), right.sum());
    return new Subtree<>(left.first(), 2 * left.leaves(), left.sum());
  }

  /** What has been joined so far, by its leaves, for another tree; this one is empty afterwards. */
  public List<Subtree<T>> take() {
    List<Subtree<T>> all = List.copyOf(parts.values());
    parts.clear();
    return all;
  }

  /**
   * The sum over the micro-batches 0 .. {@code count} - 1; the tree is empty afterwards.
   *
   * @throws IllegalStateException where a leaf is missing or was added twice
   */
  public T sum(int count) {
    List<Subtree<T>> rest = new ArrayList<>(take());
    int next = 0;
    for (Subtree<T> part : rest) {
      requireLeaf(next, part.first());
      next = part.end();
    }
    requireLeaf(next, count);
    if (rest.isEmpty()) {
      throw new IllegalStateException("[gradients] no micro-batch was added");
    }
    T sum = rest.removeLast().sum();
    while (!rest.isEmpty()) {
      T left = rest.removeLast().sum();
      addInto.accept(left, sum);
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
