package medsora.train;

import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.IntToDoubleFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Joins what the samples of a step give, wherever each was computed: gradients by the tree of
 * numeric contract N4, losses in the order of the samples. A sample is known by its number in the
 * step, its leaf of the tree. Implementations differ in who computes which leaf, never in a bit of
 * the sum.
 */
public interface Reducer {
  /**
   * Begins a step; what one that did not come to its sum has left is given up.
   *
   * @param count leaves of the step
   * @param shapes of the parameters
   * @return the leaves that are computed here, ascending. Shares need not be equal, nor neighbours,
   *     and may be empty; all of them together have each leaf once
   */
  List<Integer> begin(int count, List<Shape> shapes);

  /**
   * A gradient that a leaf gave, as soon as it is complete: backward may go on to others. Threads
   * that compute leaves side by side call it at once.
   *
   * @param parameter its number among the parameters; each leaf gives all of them, each once
   * @param gradient of the shape of its parameter; taken over
   */
  void add(int leaf, int parameter, Tensor gradient);

  /** What else a leaf gave. */
  void add(int leaf, Beside beside);

  /**
   * The sums over all leaves of the step, also those computed elsewhere; everybody gets the same.
   *
   * @param count leaves of the step
   */
  Sum sum(int count);

  /** The step that was begun does not come to its sum; nothing where it has, or none was. */
  void giveUp();

  /**
   * Where each has the sums of but a part of the parameters, and the optimiser's state of that;
   * null where all have all.
   *
   * @param shapes of the parameters
   */
  default @Nullable Shards shards(List<Shape> shapes) {
    return null;
  }

  /**
   * The values of some numbers from 0 on, each computed wherever; everybody gets the same.
   *
   * @param value of a number
   */
  default double[] values(int count, IntToDoubleFunction value) {
    return IntStream.range(0, count).mapToDouble(value).toArray();
  }

  /**
   * Refuses to go on where others have something else; everybody is asked the same.
   *
   * @param what for the message
   */
  default void requireSame(String what, Supplier<String> value) {}

  /** Waits until everybody has come here. */
  default void meet() {}

  /**
   * What a leaf gives beside its gradients.
   *
   * @param losses by name
   * @param moves of running statistics, for everybody, {@link nn.layer.RunningMoves#bytes}
   */
  record Beside(Map<String, Double> losses, byte[] moves) {}

  /**
   * Sums over the leaves of a step.
   *
   * @param gradients parameter by parameter, each of the shape of its parameter; none where {@link
   *     #shards} has them
   * @param losses by name, in the order in which the first leaf that has one names it
   * @param moves of each leaf, in the order of the leaves
   */
  record Sum(List<Tensor> gradients, Map<String, Double> losses, List<byte[]> moves) {
    /** Of what the leaves gave beside their gradients. */
    static Sum of(List<Tensor> gradients, SortedMap<Integer, Beside> leaves) {
      Map<String, Double> sums = new LinkedHashMap<>();
      leaves
          .values()
          .forEach(leaf -> leaf.losses().forEach((name, v) -> sums.merge(name, v, Double::sum)));
      return new Sum(gradients, sums, leaves.values().stream().map(Beside::moves).toList());
    }
  }
}
