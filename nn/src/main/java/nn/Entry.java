package nn;

import engine.tensor.Tensor;

/** A named tensor of a module's state dict: a learned {@link Parameter} or a {@link Buffer}. */
public sealed interface Entry permits Parameter, Buffer {
  Tensor value();
}
