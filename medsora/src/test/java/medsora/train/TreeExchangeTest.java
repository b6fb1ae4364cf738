package medsora.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import engine.random.RandomKey;
import engine.ranks.Ranks;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import engine.testing.ThreadTransport;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import nn.optim.GradientTree;
import org.junit.jupiter.api.Test;

/** The sum over ranks is that of the tree, bit for bit, however it is cut. */
class TreeExchangeTest {
  private static final List<Shape> SHAPES = List.of(Shape.of(3, 5), Shape.of(1), Shape.of(41));

  @Test
  void everyLeafHasOneOwnerAndPartsAreSubtrees() {
    for (int leaves = 1; leaves <= 20; leaves++) {
      for (int ranks = 1; ranks <= 25; ranks++) {
        LeafShares shares = new LeafShares(leaves, ranks);
        List<Integer> all =
            IntStream.range(0, ranks).boxed().flatMap(r -> shares.of(r).stream()).toList();
        assertEquals(IntStream.range(0, leaves).boxed().toList(), all);
        for (int r = 0; r < ranks; r++) {
          GradientTree tree = new GradientTree();
          shares.of(r).forEach(leaf -> tree.add(leaf, List.of(Tensor.scalar(1))));
          assertEquals(
              tree.take().stream().map(p -> new LeafShares.Part(p.first(), p.leaves())).toList(),
              shares.parts(r));
        }
      }
    }
  }

  @Test
  void sumsAreThoseOfOneTree() throws Exception {
    for (int leaves : List.of(1, 2, 5, 8, 11)) {
      GradientTree whole = new GradientTree();
      IntStream.range(0, leaves).forEach(leaf -> whole.add(leaf, gradients(leaf)));
      List<float[]> wanted = whole.sum(leaves).stream().map(Tensor::toArray).toList();
      for (int ranks : List.of(2, 3, 5)) {
        // From pieces of a few floats to one for all.
        for (int floats : List.of(1, 7, 16, 1000)) {
          List<List<float[]>> found = ThreadTransport.run(ranks, r -> summed(r, leaves, floats));
          for (List<float[]> each : found) {
            for (int i = 0; i < wanted.size(); i++) {
              assertArrayEquals(wanted.get(i), each.get(i), 0f);
            }
          }
        }
      }
    }
  }

  /** Twice, so that buffers are used again. */
  private static List<float[]> summed(Ranks ranks, int leaves, int floats) {
    LeafShares shares = new LeafShares(leaves, ranks.count());
    long size = SHAPES.stream().mapToLong(Shape::size).sum();
    TreeExchange exchange = new TreeExchange(ranks, shares, size, floats);
    List<Tensor> sum = List.of();
    for (int step = 0; step < 2; step++) {
      GradientTree own = new GradientTree();
      shares.of(ranks.rank()).forEach(leaf -> own.add(leaf, gradients(leaf)));
      List<GradientTree.Subtree> parts = own.take();
      sum =
          parts.isEmpty()
              ? SHAPES.stream().map(Tensor::zeros).toList()
              : parts.getFirst().gradients();
      exchange.sum(parts, sum);
    }
    return sum.stream().map(Tensor::toArray).toList();
  }

  private static List<Tensor> gradients(int leaf) {
    List<Tensor> all = new ArrayList<>();
    for (Shape shape : SHAPES) {
      float[] values = new float[shape.size()];
      new RandomKey(9, leaf, all.size()).random().normal(values, 0, values.length);
      all.add(Tensor.of(shape, values));
    }
    return all;
  }
}
