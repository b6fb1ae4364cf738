package engine.autodiff;

import engine.autodiff.Tape.Target;
import engine.kernel.Kernels;
import engine.tensor.MemoryScope;
import engine.tensor.Storage;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Sums the gradients that arrive for each tensor during one backward walk: each use contributes a
 * whole gradient, uses are added in reverse recording order (numeric contract N4). Intermediate
 * gradients are recycled as soon as the walk has passed them; since an op may pass one gradient on
 * to several inputs, memory is counted by use.
 */
final class Accumulator {
  private final Kernels kernels;
  private final MemoryScope memory;
  private final @Nullable BiConsumer<Target, Tensor> outer;
  private final Map<Object, Tensor> pending = new IdentityHashMap<>();

  /** Leaves that have a sum, in the order of meeting, by their identities. */
  private final Map<Object, Tensor> leaves = new LinkedHashMap<>();

  private final Map<Storage, Integer> uses = new IdentityHashMap<>();

  /**
   * @param outer where gradients of leaves go instead of being summed here, or null
   */
  Accumulator(Kernels kernels, MemoryScope memory, @Nullable BiConsumer<Target, Tensor> outer) {
    this.kernels = kernels;
    this.memory = memory;
    this.outer = outer;
  }

  /** Adds what an op's backward returned, gradient i to input i; null where none is wanted. */
  void addAll(List<Target> targets, List<Tensor> gradients) {
    List<Tensor> present = gradients.stream().filter(g -> g != null).toList();
    present.forEach(g -> hold(g.storage()));
    for (int i = 0; i < gradients.size(); i++) {
      if (gradients.get(i) != null) {
        add(targets.get(i), gradients.get(i));
      }
    }
    present.forEach(g -> drop(g.storage()));
  }

  /** Keeps memory that a caller lent from being recycled by this walk. */
  void borrow(Tensor gradient) {
    hold(gradient.storage());
  }

  /** Adds a gradient that a walk inside this one handed over, memory and all. */
  void addOwned(Target target, Tensor gradient) {
    hold(gradient.storage());
    add(target, gradient);
    drop(gradient.storage());
  }

  void add(Target target, Tensor gradient) {
    boolean leaf = target.leaf() != null;
    if (leaf && outer != null) {
      outer.accept(target, owned(gradient));
      return;
    }
    Tensor sum = pending.get(target.identity());
    if (sum == null) {
      if (leaf) {
        leaves.put(target.identity(), target.leaf());
      }
      hold(gradient.storage());
      pending.put(target.identity(), gradient);
      return;
    }
    if (uses.getOrDefault(sum.storage(), 0) > 1 || !memory.holds(sum.storage())) {
      Tensor fresh = copy(sum);
      drop(sum.storage());
      hold(fresh.storage());
      pending.put(target.identity(), fresh);
      sum = fresh;
    }
    kernels.elementwise().addInto(sum.storage(), gradient.storage(), sum.size());
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
    kernels.copies().copy(tensor.storage(), copy.storage(), tensor.size());
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

  /** Runs back over the nodes of a walk inside another. */
  void walk(List<Tape.Node> nodes) {
    walk(nodes, null);
  }

  /**
   * Runs back over the nodes, last recorded first; frees what no node before needs.
   *
   * @param complete is told a leaf and its gradient when no node before adds to it; or null
   */
  void walk(List<Tape.Node> nodes, @Nullable BiConsumer<Tensor, Tensor> complete) {
    Map<Object, Integer> givers = new IdentityHashMap<>();
    if (complete != null) {
      nodes.forEach(node -> node.leaves().forEach(leaf -> givers.merge(leaf, 1, Integer::sum)));
    }
    Map<Storage, Integer> readers = new IdentityHashMap<>();
    nodes.forEach(node -> node.reads().forEach(s -> readers.merge(s, 1, Integer::sum)));
    for (int i = nodes.size() - 1; i >= 0; i--) {
      Tape.Node node = nodes.set(i, null);
      List<Tensor> gradients = take(node);
      if (gradients != null) {
        node.backward().run(kernels, gradients, this);
        gradients.stream().filter(g -> g != null).forEach(g -> drop(g.storage()));
      }
      node.reads().forEach(s -> forget(s, readers));
      if (complete != null) {
        node.leaves().stream()
            .filter(leaf -> givers.merge(leaf, -1, Integer::sum) == 0)
            .forEach(leaf -> tell(leaf, complete));
      }
    }
  }

  /** Hands the sum of a leaf over, where there is one. */
  private void tell(Object leaf, BiConsumer<Tensor, Tensor> complete) {
    Tensor sum = pending.remove(leaf);
    if (sum != null) {
      Tensor given = owned(sum);
      drop(sum.storage());
      complete.accept(Objects.requireNonNull(leaves.remove(leaf)), given);
    }
  }

  /** One reader less; without any the memory is recycled, unless a gradient lives in it. */
  private void forget(Storage storage, Map<Storage, Integer> readers) {
    if (readers.merge(storage, -1, Integer::sum) == 0
        && memory.holds(storage)
        && !uses.containsKey(storage)) {
      memory.release(storage);
    }
  }

  /** The gradients of a node's outputs, null where there is none; null if there is none at all. */
  private @Nullable List<Tensor> take(Tape.Node node) {
    List<Tensor> gradients = new ArrayList<>();
    boolean any = false;
    for (Object out : node.outputs()) {
      Tensor gradient = pending.remove(out);
      any |= gradient != null;
      gradients.add(gradient);
    }
    return any ? gradients : null;
  }

  /**
   * Tells the finished sums that were not told yet, in the order in which their leaves were met,
   * each in memory of its own that outlives the tape.
   */
  void tellLeaves(BiConsumer<Tensor, Tensor> complete) {
    leaves.forEach((leaf, tensor) ->
        complete.accept(tensor, owned(Objects.requireNonNull(pending.get(leaf)))));
  }
}
