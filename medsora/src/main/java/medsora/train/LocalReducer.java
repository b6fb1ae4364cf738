package medsora.train;

import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import nn.optim.GradientTree;

/** All leaves are computed in this process, one after the other. */
public final class LocalReducer implements Reducer {
  private final GradientTree tree = new GradientTree();
  private final TreeMap<Integer, Beside> leaves = new TreeMap<>();

  @Override
  public List<Integer> begin(int count, List<Shape> shapes) {
    for (GradientTree.Subtree left : tree.take()) {
      left.gradients().forEach(g -> g.storage().release());
    }
    leaves.clear();
    return IntStream.range(0, count).boxed().toList();
  }

  @Override
  public void add(int leaf, List<Tensor> gradients, Beside beside) {
    tree.add(leaf, gradients);
    leaves.put(leaf, beside);
  }

  @Override
  public Sum sum(int count) {
    return Sum.of(tree.sum(count), leaves);
  }
}
