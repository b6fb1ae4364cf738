package engine.kernel.simd;

import static engine.tensor.HeapStorage.array;

import engine.kernel.AdamArgs;
import engine.kernel.AttentionArgs;
import engine.kernel.Binary;
import engine.kernel.BroadcastArgs;
import engine.kernel.CausalConv1dArgs;
import engine.kernel.Conv3dArgs;
import engine.kernel.MatmulArgs;
import engine.kernel.ReduceArgs;
import engine.kernel.ResampleArgs;
import engine.kernel.TokenArgs;
import engine.kernel.Unary;
import engine.kernel.UpsampleConvArgs;
import engine.kernel.WinogradArgs;
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

  /**
   * Width of this backend's vectors in bits, which {@code SimdWidth} chose or the processor has.
   */
  public static int vectorBits() {
    return SimdSpecies.F.vectorBitSize();
  }

  @Override
  public String name() {
    return "simd";
  }

  // Elementwise. Copies and fills are the platform's own.

  @Override
  public void addInto(Storage sum, Storage x, int n) {
    SimdElementwise.addInto(workers, array(sum), array(x), n);
  }

  @Override
  public void affine(Storage x, float scale, float shift, Storage y, int n) {
    SimdElementwise.affine(workers, array(x), scale, shift, array(y), n);
  }

  @Override
  public void clamp(Storage x, float low, float high, Storage y, int n) {
    SimdElementwise.clamp(workers, array(x), low, high, array(y), n);
  }

  @Override
  public void clampGrad(
      Storage x, float low, float high, Storage gradOutput, Storage gradInput, int n) {
    SimdElementwise.clampGrad(workers, array(x), low, high, array(gradOutput), array(gradInput), n);
  }

  @Override
  public void unary(Unary f, Storage x, Storage y, int n) {
    SimdUnary.unary(workers, f, array(x), array(y), n);
  }

  @Override
  public void unaryGrad(
      Unary f, Storage x, Storage y, Storage gradOutput, Storage gradInput, int n) {
    SimdUnaryGrad.unaryGrad(workers, f, array(x), array(y), array(gradOutput), array(gradInput), n);
  }

  @Override
  public void binary(Binary f, BroadcastArgs args, Storage a, Storage b, Storage y) {
    SimdBinary.binary(workers, f, args, array(a), array(b), array(y));
  }

  @Override
  public void reduceMax(ReduceArgs args, Storage x, Storage y) {
    SimdMax.max(workers, args, array(x), array(y));
  }

  // Tokens.

  @Override
  public void modulate(TokenArgs args, Storage x, Storage shift, Storage scale, Storage y) {
    SimdTokens.modulate(workers, args, array(x), array(shift), array(scale), array(y));
  }

  @Override
  public void modulateGrad(TokenArgs args, Storage scale, Storage gradOutput, Storage gradInput) {
    SimdTokens.modulateGrad(workers, args, array(scale), array(gradOutput), array(gradInput));
  }

  @Override
  public void gateAdd(TokenArgs args, Storage x, Storage gate, Storage h, Storage y) {
    SimdTokens.gateAdd(workers, args, array(x), array(gate), array(h), array(y));
  }

  @Override
  public void productSum(TokenArgs args, Storage a, Storage b, Storage y) {
    SimdTokens.productSum(workers, args, array(a), array(b), array(y));
  }

  // Optimisers.

  @Override
  public void adam(AdamArgs args, Storage p, Storage gradient, Storage m, Storage v, int n) {
    SimdOptimiser.adam(workers, args, array(p), array(gradient), array(m), array(v), n);
  }

  @Override
  public void ema(float decay, float oneMinusDecay, Storage p, Storage average, int n) {
    SimdOptimiser.ema(workers, decay, oneMinusDecay, array(p), array(average), n);
  }

  @Override
  public void adamEma(
      AdamArgs args,
      float decay,
      float oneMinusDecay,
      Storage p,
      Storage gradient,
      Storage m,
      Storage v,
      Storage average,
      int n) {
    SimdOptimiser.adamEma(
        workers,
        args,
        decay,
        oneMinusDecay,
        array(p),
        array(gradient),
        array(m),
        array(v),
        array(average),
        n);
  }

  @Override
  public void sumSquares(Storage x, int n, Storage sums, int at) {
    array(sums)[at] = SimdOptimiser.sumSquares(workers, array(x), n);
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
  public void winogradConv3d(
      WinogradArgs args, Storage x, Storage weight, Storage bias, Storage y) {
    SimdWinograd.run(workers, args, array(x), array(weight), orNull(bias), array(y));
  }

  @Override
  public void upsampleConv(
      UpsampleConvArgs args, Storage x, Storage weight, Storage bias, Storage y) {
    SimdUpsampleConv.forward(workers, args, array(x), array(weight), orNull(bias), array(y));
  }

  @Override
  public void upsampleConvGradInput(
      UpsampleConvArgs args, Storage gradOutput, Storage weight, Storage gradInput) {
    SimdUpsampleConv.gradInput(workers, args, array(gradOutput), array(weight), array(gradInput));
  }

  @Override
  public void upsampleConvGradWeight(
      UpsampleConvArgs args, Storage x, Storage gradOutput, Storage gradWeight) {
    SimdUpsampleConv.gradWeight(workers, args, array(x), array(gradOutput), array(gradWeight));
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

  @Override
  public void causalConv1d(
      CausalConv1dArgs args, Storage x, Storage weight, Storage bias, Storage y) {
    if (SimdCausalConv1d.fits(args)) {
      SimdCausalConv1d.forward(
          workers, SCAN_LOOPS, args, array(x), array(weight), orNull(bias), array(y));
    } else {
      super.causalConv1d(args, x, weight, bias, y);
    }
  }

  @Override
  public void causalConv1dGradSums(
      CausalConv1dArgs args,
      Storage x,
      Storage weight,
      Storage bias,
      Storage gradOutput,
      Storage gradSums) {
    if (SimdCausalConv1d.fits(args)) {
      SimdCausalConv1d.gradSums(
          workers,
          SCAN_LOOPS,
          args,
          array(x),
          array(weight),
          orNull(bias),
          array(gradOutput),
          array(gradSums));
    } else {
      super.causalConv1dGradSums(args, x, weight, bias, gradOutput, gradSums);
    }
  }

  @Override
  public void causalConv1dGradInput(
      CausalConv1dArgs args, Storage weight, Storage gradSums, Storage gradInput) {
    if (SimdCausalConv1d.fits(args)) {
      SimdCausalConv1d.gradInput(
          workers, SCAN_LOOPS, args, array(weight), array(gradSums), array(gradInput));
    } else {
      super.causalConv1dGradInput(args, weight, gradSums, gradInput);
    }
  }

  @Override
  public void causalConv1dGradWeight(
      CausalConv1dArgs args, Storage x, Storage gradSums, Storage gradWeight) {
    if (SimdCausalConv1d.fits(args)) {
      SimdCausalConv1d.gradWeight(workers, args, array(x), array(gradSums), array(gradWeight));
    } else {
      super.causalConv1dGradWeight(args, x, gradSums, gradWeight);
    }
  }
}
