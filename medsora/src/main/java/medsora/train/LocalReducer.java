package medsora.train;

import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** All leaves are computed in this process, one after the other. */
public final class LocalReducer implements Reducer {
  private final TreeMap<Integer, Beside> leaves = new TreeMap<>();
  private @Nullable StepGradients step;

  @Override
  public List<Integer> begin(int count, List<Shape> shapes) {
    giveUp();
    leaves.clear();
    step = new StepGradients(shapes, count, false);
    return IntStream.range(0, count).boxed().toList();
  }

  @Override
  public void add(int leaf, int parameter, Tensor gradient) {
    begun().add(leaf, parameter, gradient);
  }

  @Override
  public void add(int leaf, Beside beside) {
    leaves.put(leaf, beside);
  }

  @Override
  public Sum sum(int count) {
    List<Tensor> sum = begun().sum(count);
    step = null;
    return Sum.of(sum, leaves);
  }

  @Override
  public void giveUp() {
    if (step != null) {
      step.giveUp();
      step = null;
    }
  }

  private StepGradients begun() {
    return Objects.requireNonNull(step, "no step was begun");
  }
}
