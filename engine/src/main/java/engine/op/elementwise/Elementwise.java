package engine.op.elementwise;

import engine.autodiff.Tape;
import engine.kernel.Binary;
import engine.kernel.Unary;
import engine.tensor.Tensor;

/** Elementwise functions and broadcast arithmetic, for static import. */
public final class Elementwise {
  private Elementwise() {}

  public static Tensor add(Tensor a, Tensor b) {
    return Tape.apply(new BinaryOp(Binary.ADD), a, b);
  }

  public static Tensor sub(Tensor a, Tensor b) {
    return Tape.apply(new BinaryOp(Binary.SUB), a, b);
  }

  public static Tensor mul(Tensor a, Tensor b) {
    return Tape.apply(new BinaryOp(Binary.MUL), a, b);
  }

  public static Tensor div(Tensor a, Tensor b) {
    return Tape.apply(new BinaryOp(Binary.DIV), a, b);
  }

  /** x * scale. */
  public static Tensor scale(Tensor x, float scale) {
    return Tape.apply(new Affine(scale, 0f), x);
  }

  /** x * scale + shift, each rounded. */
  public static Tensor affine(Tensor x, float scale, float shift) {
    return Tape.apply(new Affine(scale, shift), x);
  }

  public static Tensor clamp(Tensor x, float low, float high) {
    return Tape.apply(new Clamp(low, high), x);
  }

  public static Tensor neg(Tensor x) {
    return unary(Unary.NEG, x);
  }

  public static Tensor abs(Tensor x) {
    return unary(Unary.ABS, x);
  }

  public static Tensor square(Tensor x) {
    return unary(Unary.SQUARE, x);
  }

  public static Tensor sqrt(Tensor x) {
    return unary(Unary.SQRT, x);
  }

  public static Tensor exp(Tensor x) {
    return unary(Unary.EXP, x);
  }

  public static Tensor log(Tensor x) {
    return unary(Unary.LOG, x);
  }

  public static Tensor tanh(Tensor x) {
    return unary(Unary.TANH, x);
  }

  public static Tensor sigmoid(Tensor x) {
    return unary(Unary.SIGMOID, x);
  }

  public static Tensor softplus(Tensor x) {
    return unary(Unary.SOFTPLUS, x);
  }

  public static Tensor relu(Tensor x) {
    return unary(Unary.RELU, x);
  }

  /** x * sigmoid(x). */
  public static Tensor silu(Tensor x) {
    return unary(Unary.SILU, x);
  }

  /** x * Phi(x), the exact form with erf. */
  public static Tensor gelu(Tensor x) {
    return unary(Unary.GELU, x);
  }

  /** x * (1 + scale) + shift: tokens x [B,T,D], vectors [B,D]; see {@link Modulate}. */
  public static Tensor modulate(Tensor x, Tensor shift, Tensor scale) {
    return Tape.apply(new Modulate(), x, shift, scale);
  }

  /** x + gate * h: tokens x and h [B,T,D], gate [B,D]; see {@link GateAdd}. */
  public static Tensor gateAdd(Tensor x, Tensor gate, Tensor h) {
    return Tape.apply(new GateAdd(), x, gate, h);
  }

  public static Tensor unary(Unary f, Tensor x) {
    return Tape.apply(new UnaryOp(f), x);
  }
}
