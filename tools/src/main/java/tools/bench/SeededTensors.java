package tools.bench;

import engine.random.RandomKey;
import engine.tensor.Shape;
import engine.tensor.Tensor;

/** Standard normal tensors by seed; each one drawn is another. */
public final class SeededTensors implements Task.Tensors {
  private static final long SEED = 4;

  private long drawn;

  @Override
  public Tensor of(int... dims) {
    Shape shape = Shape.of(dims);
    float[] values = new float[shape.size()];
    new RandomKey(SEED, drawn++, 0).random().normal(values, 0, values.length);
    return Tensor.of(shape, values);
  }
}
