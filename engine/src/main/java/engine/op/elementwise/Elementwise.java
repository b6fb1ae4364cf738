package engine.op.elementwise;

import engine.autodiff.Tape;
import engine.kernel.Binary;
import engine.kernel.Unary;
import engine.tensor.Tensor;

/**
 * Elementwise functions and broadcast arithmetic, for static import. What functions give at the
 * ends of their ranges, and how exact they are: numeric contract, N12 and N13.
 */
public final class Elementwise {
  private Elementwise() {}

  /** a + b. Shapes are broadcast as in PyTorch, so that [N,C,1,1] and [C,H,W] give [N,C,H,W]. */
  public static Tensor add(Tensor a, Tensor b) {
    return Tape.apply(new BinaryOp(Binary.ADD), a, b);
  }

  /** a - b, of any shapes that {@link #add} takes. */
  public static Tensor sub(Tensor a, Tensor b) {
    return Tape.apply(new BinaryOp(Binary.SUB), a, b);
  }

  /** a * b, of any shapes that {@link #add} takes. */
  public static Tensor mul(Tensor a, Tensor b) {
    return Tape.apply(new BinaryOp(Binary.MUL), a, b);
  }

  /** a / b, of any shapes that {@link #add} takes. */
  public static Tensor div(Tensor a, Tensor b) {
    return Tape.apply(new BinaryOp(Binary.DIV), a, b);
  }

  /** x * scale; x of any shape, the result of the same shape. */
  public static Tensor scale(Tensor x, float scale) {
    return Tape.apply(new Affine(scale, 0f), x);
  }

  /** x * scale + shift, each rounded; x of any shape, the result of the same shape. */
  public static Tensor affine(Tensor x, float scale, float shift) {
    return Tape.apply(new Affine(scale, shift), x);
  }

  /**
   * x held within low and high, whose gradient passes where low &lt;= x &lt;= high; x of any shape,
   * the result of the same shape. NaN stays. PyTorch: clamp.
   */
  public static Tensor clamp(Tensor x, float low, float high) {
    return Tape.apply(new Clamp(low, high), x);
  }

  /** -x; any shape, kept. */
  public static Tensor neg(Tensor x) {
    return unary(Unary.NEG, x);
  }

  /** |x|, whose derivative at 0 is 0; any shape, kept. */
  public static Tensor abs(Tensor x) {
    return unary(Unary.ABS, x);
  }

  /** x * x; any shape, kept. */
  public static Tensor square(Tensor x) {
    return unary(Unary.SQUARE, x);
  }

  /** The square root of x, NaN below 0; any shape, kept. */
  public static Tensor sqrt(Tensor x) {
    return unary(Unary.SQRT, x);
  }

  /** e^x, +0 where it would be denormal; any shape, kept. */
  public static Tensor exp(Tensor x) {
    return unary(Unary.EXP, x);
  }

  /** The natural logarithm of x, -infinity at 0 and NaN below; any shape, kept. */
  public static Tensor log(Tensor x) {
    return unary(Unary.LOG, x);
  }

  /** The hyperbolic tangent of x; any shape, kept. */
  public static Tensor tanh(Tensor x) {
    return unary(Unary.TANH, x);
  }

  /** 1 / (1 + e^-x); any shape, kept. */
  public static Tensor sigmoid(Tensor x) {
    return unary(Unary.SIGMOID, x);
  }

  /** log(1 + e^x); any shape, kept. */
  public static Tensor softplus(Tensor x) {
    return unary(Unary.SOFTPLUS, x);
  }

  /** max(x, 0), whose derivative at 0 is 0; any shape, kept. */
  public static Tensor relu(Tensor x) {
    return unary(Unary.RELU, x);
  }

  /** x above 0, slope * x below; any shape, kept (PyTorch: leaky_relu). */
  public static Tensor leakyRelu(Tensor x, float slope) {
    Tensor above = relu(x);
    return add(above, scale(sub(x, above), slope));
  }

  /** x * sigmoid(x); any shape, kept. */
  public static Tensor silu(Tensor x) {
    return unary(Unary.SILU, x);
  }

  /** x * Phi(x), the exact form with erf; any shape, kept. */
  public static Tensor gelu(Tensor x) {
    return unary(Unary.GELU, x);
  }

  /** x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))), any shape, kept; see {@link GeluTanh}. */
  public static Tensor geluTanh(Tensor x) {
    return Tape.apply(new GeluTanh(), x);
  }

  /** x * (1 + scale) + shift: tokens x [B,T,D], vectors [B,D]; see {@link Modulate}. */
  public static Tensor modulate(Tensor x, Tensor shift, Tensor scale) {
    return Tape.apply(new Modulate(), x, shift, scale);
  }

  /** x + gate * h: tokens x and h [B,T,D], gate [B,D]; see {@link GateAdd}. */
  public static Tensor gateAdd(Tensor x, Tensor gate, Tensor h) {
    return Tape.apply(new GateAdd(), x, gate, h);
  }

  /** f(x), elementwise; any shape, kept. */
  public static Tensor unary(Unary f, Tensor x) {
    return Tape.apply(new UnaryOp(f), x);
  }
}
