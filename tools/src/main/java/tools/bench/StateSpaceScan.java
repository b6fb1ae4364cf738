package tools.bench;

import static engine.op.elementwise.Elementwise.exp;
import static engine.op.elementwise.Elementwise.neg;
import static engine.op.elementwise.Elementwise.scale;
import static engine.op.elementwise.Elementwise.softplus;

import engine.kernel.SsdArgs;
import engine.op.scan.Scan;
import engine.tensor.Tensor;

/**
 * The state-space scan in chunks of q steps. Forward, in each chunk: C B^T below the diagonal, its
 * product with x, and, where there are several chunks, the states handed on and read:
 *
 * <pre>
 * q(q+1)/2 (groups N + heads P) + q N heads P [a chunk before] + q N heads P [a chunk after]
 * </pre>
 *
 * Every product has two factors, so the backward pass has twice as many.
 */
public record StateSpaceScan(Pass pass, SsdArgs args) implements Operation {
  @Override
  public Work work() {
    long products = 0;
    for (int i = 0; i < args.chunks(); i++) {
      products += chunk(args.steps(i), (i > 0 ? 1 : 0) + (i < args.chunks() - 1 ? 1 : 0));
    }
    products *= args.batch();
    long rows = (long) args.batch() * args.length();
    long width = (long) args.heads() * args.headDim();
    long small = args.heads() + (2L * args.groups() * args.state());
    return pass == Pass.FORWARD
        ? Work.products(products, rows * ((2 * width) + small))
        : Work.products(2 * products, rows * ((3 * width) + (2 * small)));
  }

  private long chunk(long q, int states) {
    long width = (long) args.heads() * args.headDim();
    long pairs = q * (q + 1) / 2;
    return (pairs * ((long) args.groups() * args.state()))
        + (pairs * width)
        + (states * q * args.state() * width);
  }

  @Override
  public Task open(Task.Tensors tensors) {
    SsdArgs a = args;
    Tensor x = pass.input(tensors.of(a.batch(), a.length(), a.heads(), a.headDim()));
    Tensor dt = pass.input(small(tensors.of(a.batch(), a.length(), a.heads())));
    Tensor rate = pass.input(negative(tensors.of(a.heads())));
    Tensor b = pass.input(tensors.of(a.batch(), a.length(), a.groups(), a.state()));
    Tensor c = pass.input(tensors.of(a.batch(), a.length(), a.groups(), a.state()));
    Tensor skip = pass.input(tensors.of(a.heads()));
    return Task.of(pass, tensors, () -> Scan.ssdScan(x, dt, rate, b, c, skip, null, a.chunk()));
  }

  /** Step sizes as the model has them: positive, and mostly well below 1. */
  private static Tensor small(Tensor draws) {
    return scale(softplus(draws), 0.1f);
  }

  private static Tensor negative(Tensor draws) {
    return neg(exp(draws));
  }
}
