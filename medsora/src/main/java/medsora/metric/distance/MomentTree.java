package medsora.metric.distance;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Joins the moments of blocks by a balanced binary tree over their numbers, ((0+1)+(2+3))+..., what
 * is left at the end from the last to the first: the tree of the numeric contract's N4. Blocks may
 * come in any order, from any thread's or rank's hand, with one result. Where they come in their
 * order, at most log2(blocks) + 1 scatters are alive.
 */
public final class MomentTree {
  /** The moments of {@code leaves} blocks, a power of two, from block {@code first} on. */
  private record Part(int first, int leaves, Moments moments) {}

  private final TreeMap<Integer, Part> parts = new TreeMap<>();

  /**
   * Adds a block; takes it over.
   *
   * @param block its number: sample i is in block i / {@link Moments#BLOCK}
   */
  public void add(int block, Moments moments) {
    Part node = new Part(block, 1, moments);
    Part other = parts.get(node.first ^ node.leaves);
    while (other != null && other.leaves == node.leaves) {
      parts.remove(other.first);
      boolean before = other.first < node.first;
      Part left = before ? other : node;
      Part right = before ? node : other;
      node = new Part(left.first, 2 * left.leaves, left.moments.joined(right.moments));
      other = parts.get(node.first ^ node.leaves);
    }
    if (parts.put(node.first, node) != null) {
      throw new IllegalStateException("[moments] block " + block + " was added twice");
    }
  }

  /**
   * The moments of blocks 0 .. {@code blocks} - 1; the tree is empty afterwards.
   *
   * @throws IllegalStateException where a block is missing
   */
  public Moments join(int blocks) {
    List<Part> rest = new ArrayList<>(parts.values());
    parts.clear();
    int next = 0;
    for (Part part : rest) {
      require(next, part.first);
      next = part.first + part.leaves;
    }
    require(blocks, next);
    Moments sum = rest.removeLast().moments;
    while (!rest.isEmpty()) {
      sum = rest.removeLast().moments.joined(sum);
    }
    return sum;
  }

  private static void require(int wanted, int found) {
    if (found != wanted || wanted < 0) {
      throw new IllegalStateException(
          "[moments] the tree wants block %d next, got %d".formatted(wanted, found));
    }
  }
}
