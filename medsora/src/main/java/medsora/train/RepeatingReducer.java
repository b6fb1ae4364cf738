package medsora.train;

import engine.ranks.Ranks;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * Every rank computes all leaves: for samples that change what the next one reads, such as running
 * statistics. Ranks gain nothing by it, and their weights stay equal.
 */
final class RepeatingReducer implements Reducer {
  private final Ranks ranks;
  private final LocalReducer here = new LocalReducer();

  RepeatingReducer(Ranks ranks) {
    this.ranks = ranks;
  }

  @Override
  public List<Integer> begin(int count, List<Shape> shapes) {
    return here.begin(count, shapes);
  }

  @Override
  public void add(int leaf, List<Tensor> gradients, Map<String, Double> losses) {
    here.add(leaf, gradients, losses);
  }

  @Override
  public Sum sum(int count) {
    return here.sum(count);
  }

  @Override
  public void requireSame(String what, String value) {
    ranks.requireSame(what, value);
  }
}
