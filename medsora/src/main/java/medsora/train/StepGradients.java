package medsora.train;

import engine.tensor.HeapStorage;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import nn.optim.SumTree;

/**
 * What the leaves that are computed here give of one step: a tree of numeric contract N4 for each
 * parameter, which knows when the last of these leaves has reached it. Leaves may be added by
 * several threads, and waited for by another.
 */
final class StepGradients {
  private final int leaves;
  private final boolean travels;
  private final List<Sums> sums;
  private boolean isGivenUp;

  /** Of one parameter. */
  private static final class Sums {
    private final SumTree<Tensor> tree = SumTree.ofGradients();
    private int added;
    private List<SumTree.Subtree<Tensor>> parts = List.of();
  }

  /**
   * Nothing yet.
   *
   * @param shapes of the parameters
   * @param leaves how many are computed here
   * @param travels whether the sums go to other ranks, from the heap
   */
  StepGradients(List<Shape> shapes, int leaves, boolean travels) {
    this.leaves = leaves;
    this.travels = travels;
    this.sums = shapes.stream().map(shape -> new Sums()).toList();
  }

  /** Takes the gradient of a parameter over, which each leaf gives once. */
  void add(int leaf, int parameter, Tensor gradient) {
    Sums of = sums.get(parameter);
    boolean complete;
    synchronized (of) {
      of.tree.add(leaf, gradient);
      of.added++;
      complete = of.added == leaves;
      if (complete) {
        of.parts = travels ? onHeap(of.tree.take()) : of.tree.take();
      }
    }
    if (complete) {
      synchronized (this) {
        notifyAll();
      }
    }
  }

  /**
   * Sums that another thread may read. A device is asked by the thread that computes on it, and
   * gives its memory back.
   */
  private static List<SumTree.Subtree<Tensor>> onHeap(List<SumTree.Subtree<Tensor>> parts) {
    return parts.stream().map(StepGradients::onHeap).toList();
  }

  private static SumTree.Subtree<Tensor> onHeap(SumTree.Subtree<Tensor> part) {
    Tensor sum = part.sum();
    if (sum.storage() instanceof HeapStorage heap) {
      HeapStorage.readOnly(heap);
      return part;
    }
    Tensor copy = Tensor.of(sum.shape(), sum.toArray());
    sum.storage().release();
    return new SumTree.Subtree<>(part.first(), part.leaves(), copy);
  }

  /** Whether all leaves that are computed here have reached a parameter. */
  boolean isComplete(int parameter) {
    Sums of = sums.get(parameter);
    synchronized (of) {
      return of.added == leaves;
    }
  }

  /**
   * Waits until a parameter is complete.
   *
   * @return false where it will never be: the step was given up
   */
  synchronized boolean await(int parameter) throws InterruptedException {
    while (!isGivenUp && !isComplete(parameter)) {
      wait();
    }
    return !isGivenUp;
  }

  /** The subtrees of a parameter that is complete, ascending; empty where no leaf is here. */
  List<SumTree.Subtree<Tensor>> parts(int parameter) {
    Sums of = sums.get(parameter);
    synchronized (of) {
      return of.parts;
    }
  }

  /** The sums over all leaves of a step that are all computed here. */
  List<Tensor> sum(int count) {
    List<Tensor> all = new ArrayList<>();
    for (Sums of : sums) {
      of.parts.forEach(of.tree::add);
      of.parts = List.of();
      all.add(of.tree.sum(count));
    }
    return all;
  }

  int parameters() {
    return sums.size();
  }

  /** Gives the memory of subtrees back, but for some first ones of each parameter. */
  void releaseBehind(int kept) {
    sums.forEach(
        of -> of.parts.stream().skip(kept).forEach(part -> part.sum().storage().release()));
  }

  /** The step does not come to its sum: whoever waits is told, and memory is given back. */
  void giveUp() {
    synchronized (this) {
      isGivenUp = true;
      notifyAll();
    }
    for (Sums of : sums) {
      synchronized (of) {
        of.tree.take().forEach(part -> part.sum().storage().release());
        of.parts.forEach(part -> part.sum().storage().release());
        of.parts = List.of();
      }
    }
  }
}
