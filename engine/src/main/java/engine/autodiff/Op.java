package engine.autodiff;

import engine.kernel.Kernels;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.List;

/**
 * One differentiable operation as a small value: its attributes are the fields of a record, its
 * shape rule, its forward and its gradient stand together. Run it with {@link Tape#apply}.
 */
public interface Op {
  /** The name in errors, {@code [name] ...}. */
  String name();

  /** The shape of the result; throws {@link engine.tensor.ShapeException} with every shape. */
  Shape infer(List<Shape> in);

  /**
   * Computes the result. Values that backward needs beside inputs and output go to {@code saved}.
   */
  Tensor forward(Kernels k, List<Tensor> in, Saved saved);

  /**
   * The gradient of each input given the gradient of the output; {@code null} where {@code
   * saved.needs(i)} is false. May return {@code gradOutput} itself or a view of it, must not change
   * it.
   */
  List<Tensor> backward(Kernels k, Saved saved, Tensor gradOutput);

  /**
   * Whether {@link #backward} reads the elements of input i, not only its shape. What no op reads
   * need not stay in memory until then.
   */
  default boolean readsInput(int i, Saved saved) {
    return true;
  }

  /** Whether {@link #backward} reads the elements of the output. */
  default boolean readsOutput() {
    return false;
  }
}
