package engine.op.reduce;

import engine.autodiff.Tape;
import engine.op.elementwise.Elementwise;
import engine.tensor.Tensor;

/** Sums and means, for static import. */
public final class Reduce {
  private Reduce() {}

  /** The sum of all elements of x, of any shape: one element, []. */
  public static Tensor sum(Tensor x) {
    return Tape.apply(new Sum(0, x.shape().rank(), false), x);
  }

  /** The sum over the axes [from, to), which disappear: [B,T,D] over 1 to 2 gives [B,D]. */
  public static Tensor sum(Tensor x, int from, int to) {
    return Tape.apply(new Sum(from, to, false), x);
  }

  /** The mean of all elements of x, of any shape, the sum divided by n: one element, []. */
  public static Tensor mean(Tensor x) {
    return mean(x, 0, x.shape().rank());
  }

  /** The mean over the axes [from, to), which disappear: [B,T,D] over 1 to 2 gives [B,D]. */
  public static Tensor mean(Tensor x, int from, int to) {
    return Elementwise.div(sum(x, from, to), Tensor.scalar(x.shape().size(from, to)));
  }
}
