package nn;

import engine.tensor.Shape;
import engine.tensor.Tensor;

/**
 * State that is saved but not learned by gradient: running statistics, counters, tables.
 *
 * @param value of any shape
 * @param integer whether the published form is a 64-bit integer (num_batches_tracked)
 */
public record Buffer(Tensor value, boolean integer) implements Entry {
  @Override
  public Shape shape() {
    return value.shape();
  }

  @Override
  public void write(float[] values) {
    value.storage().write(values);
  }
}
