package engine.kernel;

import engine.tensor.Storage;

/** Functions of each element on its own. */
public interface ElementwiseKernels {
  /** sum += x, one rounding per element. */
  void addInto(Storage sum, Storage x, int n);

  /** y = x * scale + shift, the product and the sum each rounded. */
  void affine(Storage x, float scale, float shift, Storage y, int n);

  /** y = min(max(x, low), high); NaN stays. */
  void clamp(Storage x, float low, float high, Storage y, int n);

  /** gradInput = gradOutput where low <= x <= high, else 0. */
  void clampGrad(Storage x, float low, float high, Storage gradOutput, Storage gradInput, int n);

  /** y = f(x). */
  void unary(Unary f, Storage x, Storage y, int n);

  /**
   * gradInput = gradOutput * f'(x). Each f reads only x or only y = f(x) ({@link
   * Unary#derivativeReadsOutput}); what it does not read may be any storage of the same size.
   */
  void unaryGrad(Unary f, Storage x, Storage y, Storage gradOutput, Storage gradInput, int n);

  /** y = f(a, b), broadcast. */
  void binary(Binary f, BroadcastArgs args, Storage a, Storage b, Storage y);
}
