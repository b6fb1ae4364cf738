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
   * What a leaf gave.
   *
   * @param gradients parameter by parameter, each of the shape of its parameter; taken over
   */
  void add(int leaf, List<Tensor> gradients, Beside beside);

  /**
   * The sums over all leaves of the step, also those computed elsewhere; everybody gets the same.
   *
   * @param count leaves of the step
   */
  Sum sum(int count);

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
   * @param gradients parameter by parameter, each of the shape of its parameter
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
