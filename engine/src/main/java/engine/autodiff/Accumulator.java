package engine.autodiff;

import engine.kernel.Kernels;
import engine.tensor.MemoryScope;
import engine.tensor.Storage;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * Sums the gradients that arrive for each tensor during one backward walk: each use contributes a
 * whole gradient, uses are added in reverse recording order (numeric contract N4). Intermediate
 * gradients are recycled as soon as the walk has passed them; since an op may pass one gradient on
 * to several inputs, memory is counted by use.
 */
final class Accumulator {
  private final Kernels kernels;
  private final MemoryScope memory;
  private final Predicate<Tensor> isLeaf;
  private final BiConsumer<Tensor, Tensor> outer;
  private final Map<Tensor, Tensor> pending = new IdentityHashMap<>();
  private final List<Tensor> leaves = new ArrayList<>();
  private final Map<Storage, Integer> uses = new IdentityHashMap<>();

  /**
   * @param outer where gradients of leaves go instead of being summed here, or null
   */
  Accumulator(
      Kernels kernels,
      MemoryScope memory,
      Predicate<Tensor> isLeaf,
      BiConsumer<Tensor, Tensor> outer) {
    this.kernels = kernels;
    this.memory = memory;
    this.isLeaf = isLeaf;
    this.outer = outer;
  }

  /** Adds what an op's backward returned, gradient i to input i. */
  void addAll(Saved saved, List<Tensor> gradients) {
    List<Tensor> present = gradients.stream().filter(g -> g != null).toList();
    present.forEach(g -> hold(g.storage()));
    for (int i = 0; i < gradients.size(); i++) {
      if (gradients.get(i) != null && saved.needs(i)) {
        add(saved.input(i), gradients.get(i));
      }
    }
    present.forEach(g -> drop(g.storage()));
  }

  /** Keeps memory that a caller lent from being recycled by this walk. */
  void borrow(Tensor gradient) {
    hold(gradient.storage());
  }

  /** Adds a gradient that a walk inside this one handed over, memory and all. */
  void addOwned(Tensor tensor, Tensor gradient) {
    hold(gradient.storage());
    add(tensor, gradient);
    drop(gradient.storage());
  }

  void add(Tensor tensor, Tensor gradient) {
    boolean leaf = isLeaf.test(tensor);
    if (leaf && outer != null) {
      outer.accept(tensor, owned(gradient));
      return;
    }
    Tensor sum = pending.get(tensor);
    if (sum == null) {
      if (leaf) {
        leaves.add(tensor);
      }
      hold(gradient.storage());
      pending.put(tensor, gradient);
      return;
    }
    if (uses.get(sum.storage()) > 1 || !memory.holds(sum.storage())) {
      Tensor fresh = copy(sum);
      drop(sum.storage());
      hold(fresh.storage());
      pending.put(tensor, fresh);
      sum = fresh;
    }
    kernels.addInto(sum.storage(), gradient.storage(), sum.size());
  }

  /** The gradient in memory that nobody else of this walk uses, moved to the enclosing scope. */
  private Tensor owned(Tensor gradient) {
    boolean mine =
        uses.getOrDefault(gradient.storage(), 0) <= 1 && memory.holds(gradient.storage());
    return memory.keep(mine ? gradient : copy(gradient));
  }

  /** In the memory of this walk, also when a walk inside it is the one that runs. */
  private Tensor copy(Tensor tensor) {
    Tensor copy = new Tensor(tensor.shape(), kernels.allocate(tensor.size()));
    memory.adopt(copy.storage());
    kernels.copy(tensor.storage(), copy.storage(), tensor.size());
    return copy;
  }

  private void hold(Storage storage) {
    uses.merge(storage, 1, Integer::sum);
  }

  private void drop(Storage storage) {
    if (uses.merge(storage, -1, Integer::sum) == 0) {
      uses.remove(storage);
      if (memory.holds(storage)) {
        memory.release(storage);
      }
    }
  }

  /** Runs back over the nodes, last recorded first. */
  void walk(List<Tape.Node> nodes) {
    for (int i = nodes.size() - 1; i >= 0; i--) {
      Tape.Node node = nodes.get(i);
      List<Tensor> gradients = take(node);
      if (gradients != null) {
        node.backward().run(kernels, gradients, this);
        gradients.stream().filter(g -> g != null).forEach(g -> drop(g.storage()));
      }
    }
  }

  /** The gradients of a node's outputs, null where there is none; null if there is none at all. */
  private List<Tensor> take(Tape.Node node) {
    List<Tensor> gradients = new ArrayList<>();
    boolean any = false;
    for (Tensor out : node.outputs()) {
      Tensor gradient = pending.remove(out);
      any |= gradient != null;
      gradients.add(gradient);
    }
    return any ? gradients : null;
  }

  /** The finished sums, each in memory of its own that outlives the tape. */
  Gradients leafGradients() {
    Gradients result = new Gradients();
    for (Tensor leaf : leaves) {
      result.put(leaf, owned(pending.get(leaf)));
    }
    return result;
  }
}
