package engine.op.elementwise;

import engine.autodiff.Op;
import engine.autodiff.Saved;
import engine.kernel.Binary;
import engine.kernel.BroadcastArgs;
import engine.kernel.Kernels;
import engine.kernel.Unary;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.List;

/**
 * GELU in the form with tanh, elementwise; any shape: y = x / 2 (1 + tanh(u / 2)) = x s(u), where s
 * is the logistic function and u = x (a + b x^2), a = sqrt(8 / pi), b = 0.044715 a. Gradient: g (s
 * + x s (1 - s) (a + 3 b x^2)). Made of kernels that are there, in this order, each operation
 * rounded. Only x is kept for the gradient.
 */
public record GeluTanh() implements Op {
  private static final double ROOT = StrictMath.sqrt(8 / StrictMath.PI);
  private static final float A = (float) ROOT;
  private static final float B = (float) (0.044715 * ROOT);
  private static final float B3 = (float) (3 * 0.044715 * ROOT);

  @Override
  public String name() {
    return "geluTanh";
  }

  @Override
  public Shape infer(List<Shape> in) {
    return in.get(0);
  }

  @Override
  public Tensor forward(Kernels k, List<Tensor> in, Saved saved) {
    Tensor x = in.get(0);
    return times(k, x, logistic(k, x, square(k, x)));
  }

  @Override
  public List<Tensor> backward(Kernels k, Saved saved, Tensor g) {
    Tensor x = saved.input(0);
    Tensor square = square(k, x);
    Tensor s = logistic(k, x, square);
    // x s (1 - s) (a + 3 b x^2), the part by which s grows.
    Tensor growth = times(k, times(k, x, s), affine(k, s, -1f, 1f));
    Tensor slope = binary(k, Binary.ADD, s, times(k, growth, affine(k, square, B3, A)));
    return List.of(times(k, g, slope));
  }

  /** s(x (a + b x^2)). */
  private static Tensor logistic(Kernels k, Tensor x, Tensor square) {
    Tensor u = times(k, x, affine(k, square, B, A));
    Tensor s = like(k, x);
    k.elementwise().unary(Unary.SIGMOID, u.storage(), s.storage(), x.size());
    return s;
  }

  private static Tensor square(Kernels k, Tensor x) {
    Tensor y = like(k, x);
    k.elementwise().unary(Unary.SQUARE, x.storage(), y.storage(), x.size());
    return y;
  }

  private static Tensor affine(Kernels k, Tensor x, float scale, float shift) {
    Tensor y = like(k, x);
    k.elementwise().affine(x.storage(), scale, shift, y.storage(), x.size());
    return y;
  }

  private static Tensor times(Kernels k, Tensor a, Tensor b) {
    return binary(k, Binary.MUL, a, b);
  }

  private static Tensor binary(Kernels k, Binary f, Tensor a, Tensor b) {
    Tensor y = like(k, a);
    if (a.size() > 0) {
      BroadcastArgs args = BroadcastArgs.of(a.shape(), b.shape(), a.shape());
      k.elementwise().binary(f, args, a.storage(), b.storage(), y.storage());
    }
    return y;
  }

  private static Tensor like(Kernels k, Tensor x) {
    return new Tensor(x.shape(), k.allocate(x.size()));
  }
}
