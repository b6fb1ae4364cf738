package medsora.align;

import static engine.op.elementwise.Elementwise.clamp;
import static engine.op.elementwise.Elementwise.div;
import static engine.op.elementwise.Elementwise.mul;
import static engine.op.elementwise.Elementwise.scale;
import static engine.op.elementwise.Elementwise.sqrt;
import static engine.op.elementwise.Elementwise.square;
import static engine.op.elementwise.Elementwise.sub;
import static engine.op.layout.Layout.reshape;
import static engine.op.reduce.Reduce.sum;

import engine.tensor.Tensor;

/** Pearson's correlation: the cosine of two centred rows of numbers. */
public final class Pearson {
  /** A sum of squares below counts as this: where nothing varies the correlation is 0. */
  private static final float LEAST = 1e-20f;

  private Pearson() {}

  /** Of two [outer, R, inner] over R: [outer, 1, inner], within -1 and 1. */
  public static Tensor of(Tensor y, Tensor h) {
    Tensor a = centred(y);
    Tensor b = centred(h);
    Tensor r = div(over(mul(a, b)), mul(length(a), length(b)));
    return clamp(r, -1f, 1f);
  }

  private static Tensor centred(Tensor x) {
    return sub(x, scale(over(x), 1f / x.dim(1)));
  }

  private static Tensor length(Tensor x) {
    return sqrt(clamp(over(square(x)), LEAST, Float.MAX_VALUE));
  }

  private static Tensor over(Tensor x) {
    return reshape(sum(x, 1, 2), x.dim(0), 1, x.dim(2));
  }
}
