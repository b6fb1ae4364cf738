package engine.kernel.opencl;

import engine.kernel.CausalConv1dArgs;
import engine.kernel.CausalConv1dKernels;
import engine.tensor.Storage;
import org.jocl.cl_mem;

/** The causal depthwise convolution along walks. */
final class OpenClCausalConv1d extends OpenClFamily implements CausalConv1dKernels {
  OpenClCausalConv1d(OpenClContext context) {
    super(context, "causal_conv1d");
  }

  private static int[] sizes(CausalConv1dArgs a) {
    return new int[] {
      a.rows(),
      a.length(),
      a.channels(),
      a.kernel(),
      a.rowStride(),
      a.offset(),
      a.carried(),
      a.silu() ? 1 : 0
    };
  }

  private static int walks(CausalConv1dArgs a) {
    return a.walks() == null ? 0 : a.walks().count();
  }

  private static int tokens(CausalConv1dArgs a) {
    return a.walks() == null ? 1 : a.walks().tokens();
  }

  private cl_mem order(CausalConv1dArgs a) {
    return a.walks() == null ? nothing() : constant(a.walks().order());
  }

  @Override
  public void forward(CausalConv1dArgs a, Storage x, Storage weight, Storage bias, Storage y) {
    run(
        "causal_conv",
        a.rows() * a.width(),
        sizes(a),
        walks(a),
        tokens(a),
        order(a),
        flag(bias),
        in(x),
        in(weight),
        in(bias),
        out(y));
  }

  @Override
  public void gradSums(
      CausalConv1dArgs a,
      Storage x,
      Storage weight,
      Storage bias,
      Storage gradOutput,
      Storage gradSums) {
    run(
        "causal_grad_sums",
        a.rows() * a.width(),
        sizes(a),
        walks(a),
        tokens(a),
        order(a),
        flag(bias),
        in(x),
        in(weight),
        in(bias),
        in(gradOutput),
        out(gradSums));
  }

  @Override
  public void gradInput(CausalConv1dArgs a, Storage weight, Storage gradSums, Storage gradInput) {
    cl_mem position = a.walks() == null ? nothing() : constant(a.walks().position());
    run(
        "causal_grad_input",
        a.inputRows() * a.width(),
        sizes(a),
        walks(a),
        tokens(a),
        position,
        in(weight),
        in(gradSums),
        out(gradInput));
  }

  @Override
  public void gradWeight(CausalConv1dArgs a, Storage x, Storage gradSums, Storage gradWeight) {
    run(
        "causal_grad_weight",
        a.channels() * a.kernel(),
        sizes(a),
        walks(a),
        tokens(a),
        order(a),
        in(x),
        in(gradSums),
        out(gradWeight));
  }
}
