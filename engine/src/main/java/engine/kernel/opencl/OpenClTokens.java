package engine.kernel.opencl;

import engine.kernel.TokenArgs;
import engine.kernel.TokenKernels;
import engine.tensor.Storage;

/** What adaLN does to tokens: modulation and gates. */
final class OpenClTokens extends OpenClFamily implements TokenKernels {
  OpenClTokens(OpenClContext context) {
    super(context, "norms");
  }

  private static int size(TokenArgs a) {
    return a.rows() * a.width();
  }

  @Override
  public void modulate(TokenArgs a, Storage x, Storage shift, Storage scale, Storage y) {
    run("modulate", size(a), a.tokens(), a.width(), in(x), in(shift), in(scale), out(y));
  }

  @Override
  public void modulateGrad(TokenArgs a, Storage scale, Storage gradOutput, Storage gradInput) {
    run("modulate_grad", size(a), a.tokens(), a.width(), in(scale), in(gradOutput), out(gradInput));
  }

  @Override
  public void gateAdd(TokenArgs a, Storage x, Storage gate, Storage h, Storage y) {
    run("gate_add", size(a), a.tokens(), a.width(), in(x), in(gate), in(h), out(y));
  }

  @Override
  public void productSum(TokenArgs args, Storage a, Storage b, Storage y) {
    run(
        "product_sum",
        args.batch() * args.width(),
        args.tokens(),
        args.width(),
        in(a),
        in(b),
        out(y));
  }
}
