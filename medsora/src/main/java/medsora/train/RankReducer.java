package medsora.train;

import engine.kernel.Backends;
import engine.ranks.Ranks;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.IntToDoubleFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import nn.optim.GradientTree;
import org.jspecify.annotations.Nullable;

/**
 * Leaves are computed by ranks, neighbours by the same one ({@link LeafShares}); their gradients
 * meet in the tree of numeric contract N4, so that no bit depends on how many ranks there are. All
 * ranks call the same methods in the same order.
 */
public final class RankReducer implements Reducer {
  /** Floats that are on their way together, and the least of them for a rank. */
  private static final int PIECE = 1 << 20;

  private static final int LEAST = 1 << 12;

  private final Ranks ranks;
  private final GradientTree tree = new GradientTree();
  private final TreeMap<Integer, Beside> leaves = new TreeMap<>();
  private List<Shape> shapes = List.of();
  private @Nullable TreeExchange exchange;

  public RankReducer(Ranks ranks) {
    this.ranks = ranks;
  }

  /** The reducer of some ranks: a local one where there is but one. */
  public static Reducer of(Ranks ranks) {
    return ranks.count() == 1 ? new LocalReducer() : new RankReducer(ranks);
  }

  @Override
  public List<Integer> begin(int count, List<Shape> ofParameters) {
    shapes = ofParameters;
    tree.take().forEach(RankReducer::release);
    leaves.clear();
    return new LeafShares(count, ranks.count()).of(ranks.rank());
  }

  @Override
  public void add(int leaf, List<Tensor> gradients, Beside beside) {
    tree.add(leaf, gradients);
    leaves.put(leaf, beside);
  }

  @Override
  public Sum sum(int count) {
    List<GradientTree.Subtree> own = tree.take();
    List<Tensor> sum = own.isEmpty() ? unwritten() : own.getFirst().gradients();
    exchange(new LeafShares(count, ranks.count())).sum(own, sum);
    own.stream().skip(1).forEach(RankReducer::release);
    return Sum.of(sum, LeafBytes.join(ranks.gather(LeafBytes.of(leaves))));
  }

  private static void release(GradientTree.Subtree part) {
    part.gradients().forEach(g -> g.storage().release());
  }

  private TreeExchange exchange(LeafShares shares) {
    long size = shapes.stream().mapToLong(Shape::size).sum();
    TreeExchange found = exchange;
    if (found == null || !found.isFor(shares, size)) {
      found = new TreeExchange(ranks, shares, size, Math.max(PIECE, LEAST * ranks.count()));
      exchange = found;
    }
    return found;
  }

  /** For a rank that had no leaf. */
  private List<Tensor> unwritten() {
    List<Tensor> all = new ArrayList<>();
    for (Shape shape : shapes) {
      all.add(new Tensor(shape, Backends.current().allocate(shape.size())));
    }
    return all;
  }

  /** Number i is computed by rank i modulo their count. */
  @Override
  public double[] values(int count, IntToDoubleFunction value) {
    double[] own =
        IntStream.range(0, count)
            .filter(i -> i % ranks.count() == ranks.rank())
            .mapToDouble(value)
            .toArray();
    List<double[]> all = ranks.gather(LeafBytes.of(own)).stream().map(LeafBytes::doubles).toList();
    return IntStream.range(0, count)
        .mapToDouble(i -> all.get(i % ranks.count())[i / ranks.count()])
        .toArray();
  }

  @Override
  public void requireSame(String what, Supplier<String> value) {
    ranks.requireSame(what, value.get());
  }

  @Override
  public void meet() {
    ranks.meet();
  }
}
