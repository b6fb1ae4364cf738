package engine.kernel.opencl;

import static engine.numeric.NumericContract.SUM_BLOCK;
import static engine.numeric.NumericContract.SUM_CHAIN;

import engine.kernel.ReduceArgs;
import engine.kernel.ReduceKernels;
import engine.tensor.Storage;
import org.jocl.cl_mem;

/** Reductions with the blocks and lanes of N5. */
final class OpenClReduce extends OpenClFamily implements ReduceKernels {
  OpenClReduce(OpenClContext context) {
    super(context, "elementwise");
  }

  @Override
  public void sum(ReduceArgs args, Storage x, Storage y) {
    if (args.inner() == 1) {
      runSums(in(x), args.outer(), args.r(), out(y));
    } else {
      chainSums(in(x), args, out(y));
    }
  }

  /** Sums of neighbouring elements: block by block until one block is left. */
  void runSums(cl_mem x, int outer, int r, cl_mem y) {
    int blocks = Math.max(1, Math.ceilDiv(r, SUM_BLOCK));
    if (blocks == 1) {
      runRows("run_sums", outer, r, 1, x, y);
      return;
    }
    OpenClStorage sums = scratch(outer * blocks);
    runRows("run_sums", outer * blocks, r, blocks, x, sums.memory());
    runSums(sums.memory(), outer, blocks, y);
    sums.release();
  }

  private void chainSums(cl_mem x, ReduceArgs args, cl_mem y) {
    int blocks = Math.max(1, Math.ceilDiv(args.r(), SUM_CHAIN));
    if (blocks == 1) {
      run("chain_sums", args.outer() * args.inner(), args.r(), args.inner(), 1, x, y);
      return;
    }
    int count = args.outer() * blocks * args.inner();
    OpenClStorage sums = scratch(count);
    run("chain_sums", count, args.r(), args.inner(), blocks, x, sums.memory());
    chainSums(sums.memory(), new ReduceArgs(args.outer(), blocks, args.inner()), y);
    sums.release();
  }

  @Override
  public void max(ReduceArgs args, Storage x, Storage y) {
    run("reduce_max", args.outer() * args.inner(), args.r(), args.inner(), in(x), out(y));
  }

  @Override
  public void sumSquares(Storage x, int n, Storage sums, int at) {
    int blocks = Math.max(1, Math.ceilDiv(n, SUM_BLOCK));
    OpenClStorage parts = scratch(blocks);
    OpenClStorage sum = scratch(1);
    runRows("square_sums", blocks, n, blocks, in(x), parts.memory());
    runSums(parts.memory(), 1, blocks, sum.memory());
    run("put_one", 1, in(sum), at, out(sums));
    parts.release();
    sum.release();
  }
}
