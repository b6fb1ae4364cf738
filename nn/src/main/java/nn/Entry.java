package nn;

import engine.tensor.Shape;
import engine.tensor.Tensor;

/** A named tensor of a module's state dict: a learned {@link Parameter} or a {@link Buffer}. */
public sealed interface Entry permits Parameter, Buffer {
  /**
   * The value, of the shape of {@link #shape}; of a parameter that is kept in 16 bits, widened for
   * the scope that is open.
   */
  Tensor value();

  Shape shape();

  /**
   * Replaces all elements.
   *
   * @param values as many as there are elements; an entry without memory takes the array over
   */
  void write(float[] values);
}
