package medsora.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import engine.random.RandomKey;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import engine.testing.ThreadTransport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import nn.optim.GradientNorm;
import nn.optim.SumTree;
import org.junit.jupiter.api.Test;

/** The sum over ranks is that of the tree, bit for bit, however it is cut. */
class TreeExchangeTest {
  private static final List<Shape> SHAPES =
      List.of(Shape.of(3, 5), Shape.of(9001), Shape.of(1), Shape.of(2, 4096), Shape.of(41));

  @Test
  void everyLeafHasOneOwnerAndPartsAreSubtrees() {
    for (int leaves = 1; leaves <= 20; leaves++) {
      for (int ranks = 1; ranks <= 25; ranks++) {
        LeafShares shares = new LeafShares(leaves, ranks);
        List<Integer> all =
            IntStream.range(0, ranks).boxed().flatMap(r -> shares.of(r).stream()).toList();
        assertEquals(IntStream.range(0, leaves).boxed().toList(), all);
        for (int r = 0; r < ranks; r++) {
          SumTree<Tensor> tree = SumTree.ofGradients();
          shares.of(r).forEach(leaf -> tree.add(leaf, Tensor.of(Shape.of(1), 1)));
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
      LocalReducer whole = new LocalReducer();
      whole.begin(leaves, SHAPES);
      add(whole, IntStream.range(0, leaves).boxed().toList());
      List<float[]> wanted = arrays(whole.sum(leaves).gradients());
      for (int ranks : List.of(2, 3, 5)) {
        // From pieces of a block or less to one for all.
        for (int floats : List.of(1000, 7000, 100_000)) {
          for (boolean overlaps : List.of(false, true)) {
            RankReducer.Settings settings = new RankReducer.Settings(floats, overlaps, false);
            for (List<float[]> each :
                ThreadTransport.run(ranks, r -> summed(new RankReducer(r, settings), leaves))) {
              for (int i = 0; i < wanted.size(); i++) {
                assertArrayEquals(wanted.get(i), each.get(i), 0f);
              }
            }
          }
        }
      }
    }
  }

  /** Twice, so that buffers are used again. */
  private static List<float[]> summed(RankReducer reducer, int leaves) {
    List<float[]> sum = List.of();
    for (int step = 0; step < 2; step++) {
      add(reducer, reducer.begin(leaves, SHAPES));
      sum = arrays(reducer.sum(leaves).gradients());
    }
    return sum;
  }

  /** In the order in which backward has them. */
  private static void add(Reducer reducer, List<Integer> leaves) {
    for (int leaf : leaves) {
      List<Tensor> gradients = gradients(leaf);
      for (int i = SHAPES.size() - 1; i >= 0; i--) {
        reducer.add(leaf, i, gradients.get(i));
      }
      reducer.add(leaf, new Reducer.Beside(Map.of(), new byte[0]));
    }
  }

  private static List<float[]> arrays(List<Tensor> tensors) {
    return tensors.stream().map(Tensor::toArray).toList();
  }

  /** A norm from blocks of all ranks, and whole tensors from shards. */
  @Test
  void shardsHaveTheNormAndTheValuesOfTheWhole() throws Exception {
    double wanted = GradientNorm.of(gradients(0));
    List<float[]> values = arrays(gradients(0));
    for (int ranks : List.of(2, 3, 5)) {
      RankReducer.Settings settings = new RankReducer.Settings(7000, true, true);
      List<List<float[]>> found =
          ThreadTransport.run(
              ranks,
              r -> {
                RankReducer reducer = new RankReducer(r, settings);
                Shards shards = reducer.shards(SHAPES);
                add(reducer, reducer.begin(1, SHAPES));
                reducer.sum(1);
                assertEquals(wanted, shards.norm());
                List<Tensor> whole = SHAPES.stream().map(Tensor::zeros).toList();
                shards.spread(shards.gradient(), whole);
                List<Tensor> collected = shards.collect(shards.gradient());
                List<float[]> all = arrays(whole);
                List<float[]> first = arrays(collected);
                assertEquals(r.isFirst() ? all.size() : 0, first.size());
                for (int i = 0; i < first.size(); i++) {
                  assertArrayEquals(all.get(i), first.get(i), 0f);
                }
                return all;
              });
      for (List<float[]> each : found) {
        for (int i = 0; i < values.size(); i++) {
          assertArrayEquals(values.get(i), each.get(i), 0f);
        }
      }
    }
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
