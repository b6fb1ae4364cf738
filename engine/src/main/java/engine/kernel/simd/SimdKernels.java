package engine.kernel.simd;

import static engine.tensor.HeapStorage.array;

import engine.kernel.AttentionArgs;
import engine.kernel.Conv3dArgs;
import engine.kernel.MatmulArgs;
import engine.kernel.ReduceArgs;
import engine.kernel.ResampleArgs;
import engine.kernel.Workers;
import engine.kernel.scalar.Runs;
import engine.kernel.scalar.ScalarKernels;
import engine.kernel.scalar.ScalarWindowedAttention;
import engine.kernel.scalar.ScanLoops;
import engine.tensor.Storage;

/**
 * The Vector API backend: overrides the kernels that it makes faster and inherits the scalar twin
 * of the rest. Vectors run across outputs, so each output keeps its scalar order and its bits.
 */
public final class SimdKernels extends ScalarKernels {
  private static final ScanLoops SCAN_LOOPS = new SimdScanLoops();

  public SimdKernels(Workers workers) {
    super(workers);
  }

  @Override
  public String name() {
    return "simd";
  }

  // Matrix products.

  @Override
  public void matmul(MatmulArgs args, Storage a, Storage b, Storage bias, Storage c) {
    SimdMatmul.matmul(workers, args, array(a), array(b), orNull(bias), array(c));
  }

  // Convolution.

  @Override
  public void conv3d(Conv3dArgs args, Storage x, Storage weight, Storage bias, Storage y) {
    SimdConv3d.forward(workers, args, array(x), array(weight), orNull(bias), array(y));
  }

  @Override
  public void conv3dGradInput(
      Conv3dArgs args, Storage gradOutput, Storage weight, Storage gradInput) {
    SimdConv3d.gradInput(workers, args, array(gradOutput), array(weight), array(gradInput));
  }

  @Override
  public void conv3dGradWeight(Conv3dArgs args, Storage x, Storage gradOutput, Storage gradWeight) {
    SimdConv3dGradWeight.run(workers, args, array(x), array(gradOutput), array(gradWeight));
  }

  @Override
  public void resample(ResampleArgs args, Storage x, Storage y) {
    SimdResample.run(workers, args, array(x), array(y));
  }

  // Reductions, norms and softmax.

  @Override
  public void reduceSum(ReduceArgs args, Storage x, Storage y) {
    SimdReduce.sum(workers, args, array(x), array(y));
  }

  @Override
  protected Runs runs() {
    return SimdRuns.INSTANCE;
  }

  // Scans and gated norms.

  @Override
  protected ScanLoops scanLoops() {
    return SCAN_LOOPS;
  }

  // Attention in a window; rotary loops are vectorised by the compiler.

  @Override
  public void windowScores(
      AttentionArgs args, float scale, float absent, Storage q, Storage k, Storage scores) {
    SimdWindowedAttention.scores(workers, args, scale, absent, array(q), array(k), array(scores));
  }

  @Override
  public void windowApply(AttentionArgs args, float scale, Storage a, Storage x, Storage y) {
    ScalarWindowedAttention.applyWith(
        SimdWindowedAttention::combine, workers, args, scale, array(a), array(x), array(y));
  }

  @Override
  public void windowGather(AttentionArgs args, float scale, Storage a, Storage x, Storage y) {
    ScalarWindowedAttention.gatherWith(
        SimdWindowedAttention::combine, workers, args, scale, array(a), array(x), array(y));
  }
}
