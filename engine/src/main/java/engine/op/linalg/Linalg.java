package engine.op.linalg;

import engine.autodiff.Tape;
import engine.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** Matrix products, for static import. */
public final class Linalg {
  private Linalg() {}

  /**
   * y = a b over the last two axes: a [...,m,k] and b [...,k,n] give [...,m,n], the leading axes
   * equal or one operand of rank 2, which then serves all ({@link Matmul}).
   */
  public static Tensor matmul(Tensor a, Tensor b) {
    return Tape.apply(new Matmul(false, false), a, b);
  }

  /**
   * y = op(a) op(b), where op swaps the last two axes if its flag is set ({@link Matmul}): op(a)
   * [...,m,k] and op(b) [...,k,n] give [...,m,n].
   */
  public static Tensor matmul(Tensor a, boolean transA, Tensor b, boolean transB) {
    return Tape.apply(new Matmul(transA, transB), a, b);
  }

  /**
   * y = x W^T + bias ({@link Linear}).
   *
   * @param x [..., in]
   * @param weight [out, in]
   * @param bias [out], or null
   */
  public static Tensor linear(Tensor x, Tensor weight, @Nullable Tensor bias) {
    return bias == null
        ? Tape.apply(new Linear(), x, weight)
        : Tape.apply(new Linear(), x, weight, bias);
  }
}
