package engine.kernel;

import engine.tensor.Storage;

/**
 * What adaLN does to tokens: x, h, a, b, y are [batch, tokens, width], the vectors [batch, width].
 */
public interface TokenKernels {
  /** y = x * (1 + scale) + shift, each operation rounded. */
  void modulate(TokenArgs args, Storage x, Storage shift, Storage scale, Storage y);

  /** gradInput = gradOutput * (1 + scale). */
  void modulateGrad(TokenArgs args, Storage scale, Storage gradOutput, Storage gradInput);

  /** y = x + gate * h, each operation rounded. */
  void gateAdd(TokenArgs args, Storage x, Storage gate, Storage h, Storage y);

  /** y[n,d] = sum over t of the rounded a[n,t,d] * b[n,t,d], in the order of N5. */
  void productSum(TokenArgs args, Storage a, Storage b, Storage y);
}
