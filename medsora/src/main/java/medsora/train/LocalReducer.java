package medsora.train;

import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import nn.optim.GradientTree;

/** All leaves are computed in this process, one after the other. */
public final class LocalReducer implements Reducer {
  private final GradientTree tree = new GradientTree();
  private final TreeMap<Integer, Map<String, Double>> losses = new TreeMap<>();

  @Override
  public List<Integer> begin(int count, List<Shape> shapes) {
    for (GradientTree.Subtree left : tree.take()) {
      left.gradients().forEach(g -> g.storage().release());
    }
    losses.clear();
    return IntStream.range(0, count).boxed().toList();
  }

  @Override
  public void add(int leaf, List<Tensor> gradients, Map<String, Double> values) {
    tree.add(leaf, gradients);
    losses.put(leaf, values);
  }

  @Override
  public Sum sum(int count) {
    return new Sum(tree.sum(count), sums(losses));
  }

  /** Losses by leaf, added in the order of the leaves. */
  static Map<String, Double> sums(SortedMap<Integer, Map<String, Double>> losses) {
    Map<String, Double> sums = new LinkedHashMap<>();
    losses.values().forEach(of -> of.forEach((name, v) -> sums.merge(name, v, Double::sum)));
    return sums;
  }
}
