package nn;

import engine.tensor.Shape;
import engine.tensor.Tensor;
import nn.init.Initializer;

/**
 * A learned tensor with the rule that gives its first values. Its storage stays the same for life:
 * optimisers and loaders write into it.
 */
public final class Parameter implements Entry {
  private final Initializer initializer;
  private Tensor tensor;

  public Parameter(Shape shape, Initializer initializer) {
    Tensor values = Outline.isBeingDrawn() ? Tensor.shapeOnly(shape) : Tensor.zeros(shape);
    this.tensor = values.asParameter();
    this.initializer = initializer;
  }

  @Override
  public Tensor value() {
    return tensor;
  }

  public Shape shape() {
    return tensor.shape();
  }

  public boolean isTrainable() {
    return tensor.requiresGrad();
  }

  /** Excludes the parameter from (or returns it to) training; its values stay. */
  public Parameter trainable(boolean trainable) {
    tensor = trainable ? tensor.asParameter() : tensor.detach();
    return this;
  }

  Initializer initializer() {
    return initializer;
  }
}
