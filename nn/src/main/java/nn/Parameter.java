package nn;

import engine.tensor.HalfFloats;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import nn.init.Initializer;
import org.jspecify.annotations.Nullable;

/**
 * A learned tensor with the rule that gives its first values. Its storage stays the same for life:
 * optimisers and loaders write into it. Only a frozen one may be kept in 16 bits instead ({@link
 * #keep}), and is then widened at every use.
 */
public final class Parameter implements Entry {
  private final Shape shape;
  private final Initializer initializer;
  private Kept kept;

  /** How the values are kept. */
  private sealed interface Kept {
    record Floats(Tensor tensor) implements Kept {}

    record Halves(HalfFloats values) implements Kept {}
  }

  public Parameter(Shape shape, Initializer initializer) {
    Tensor values = Outline.isBeingDrawn() ? Tensor.shapeOnly(shape) : Tensor.zeros(shape);
    this.shape = shape;
    this.kept = new Kept.Floats(values.asParameter());
    this.initializer = initializer;
  }

  @Override
  public Tensor value() {
    return switch (kept) {
      case Kept.Floats(Tensor tensor) -> tensor;
      case Kept.Halves(HalfFloats values) -> values.widen(shape);
    };
  }

  @Override
  public Shape shape() {
    return shape;
  }

  public boolean isTrainable() {
    return kept instanceof Kept.Floats(Tensor tensor) && tensor.requiresGrad();
  }

  /**
   * Excludes the parameter from (or returns it to) training; its values stay.
   *
   * @throws IllegalStateException when one that is kept in 16 bits shall be trained
   */
  public Parameter trainable(boolean trainable) {
    switch (kept) {
      case Kept.Floats(Tensor tensor) ->
          kept = new Kept.Floats(trainable ? tensor.asParameter() : tensor.detach());
      case Kept.Halves halves -> {
        if (trainable) {
          throw new IllegalStateException(
              "[parameter] "
                  + shape
                  + " is kept in 16 bits, too few for the steps of an optimiser: load the weights"
                  + " as float32 to train them");
        }
      }
    }
    return this;
  }

  @Override
  public void write(float[] values) {
    if (!(kept instanceof Kept.Floats(Tensor tensor))) {
      throw new IllegalStateException(
          "[parameter] " + shape + " is kept in 16 bits: float32 values do not fit");
    }
    // Released is what never had memory: the parameters of an outline.
    if (tensor.storage().isReleased()) {
      Tensor own = Tensor.of(shape, values);
      kept = new Kept.Floats(tensor.requiresGrad() ? own.asParameter() : own);
    } else {
      tensor.storage().write(values);
    }
  }

  /**
   * Keeps the values in 16 bits from now on; {@link #value} widens them, exactly. Freezes the
   * parameter, and gives up the float32 memory.
   */
  public void keep(HalfFloats values) {
    ShapeException.require(
        values.size() == shape.size(),
        "parameter",
        "%s wants %d elements, there are %d",
        shape,
        shape.size(),
        values.size());
    kept = new Kept.Halves(values);
  }

  /** The 16 bits of each value, or null where they are float32. */
  public @Nullable HalfFloats half() {
    return kept instanceof Kept.Halves(HalfFloats values) ? values : null;
  }

  /** Whether there is memory behind the shape: not so for what {@link Outline} drew. */
  public boolean hasValues() {
    return !(kept instanceof Kept.Floats(Tensor tensor)) || !tensor.storage().isReleased();
  }

  Initializer initializer() {
    return initializer;
  }
}
