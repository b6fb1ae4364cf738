package engine.kernel.scalar;

import static engine.tensor.HeapStorage.array;

import engine.kernel.AdamArgs;
import engine.kernel.AttentionArgs;
import engine.kernel.BatchNormArgs;
import engine.kernel.BilinearSampleArgs;
import engine.kernel.Binary;
import engine.kernel.BroadcastArgs;
import engine.kernel.CausalConv1dArgs;
import engine.kernel.Conv3dArgs;
import engine.kernel.CopyArgs;
import engine.kernel.FftArgs;
import engine.kernel.GatherArgs;
import engine.kernel.GroupNormArgs;
import engine.kernel.Kernels;
import engine.kernel.LayerNormArgs;
import engine.kernel.MatmulArgs;
import engine.kernel.MaxPoolArgs;
import engine.kernel.ReduceArgs;
import engine.kernel.ResampleArgs;
import engine.kernel.RmsNormArgs;
import engine.kernel.RmsNormMergeArgs;
import engine.kernel.RotaryArgs;
import engine.kernel.SsdArgs;
import engine.kernel.TokenArgs;
import engine.kernel.Unary;
import engine.kernel.UpsampleConvArgs;
import engine.kernel.WinogradArgs;
import engine.kernel.Workers;
import engine.random.RandomKey;
import engine.tensor.HeapStorage;
import engine.tensor.Storage;

/**
 * The normative backend: plain loops in plain Java. What these loops compute is, bit for bit, what
 * every backend must compute.
 */
public class ScalarKernels implements Kernels {
  private static final ScanLoops SCAN_LOOPS = new ScanLoops();

  protected final Workers workers;

  public ScalarKernels(Workers workers) {
    this.workers = workers;
  }

  @Override
  public String name() {
    return "scalar";
  }

  @Override
  public Storage allocate(int size) {
    return HeapStorage.allocate(workers.pool(), size);
  }

  @Override
  public void copy(Storage x, Storage y, int n) {
    ScalarElementwise.copy(workers, array(x), array(y), n);
  }

  @Override
  public void fill(Storage x, float value, int n) {
    ScalarElementwise.fill(workers, array(x), value, n);
  }

  @Override
  public void addInto(Storage sum, Storage x, int n) {
    ScalarElementwise.addInto(workers, array(sum), array(x), n);
  }

  @Override
  public void affine(Storage x, float scale, float shift, Storage y, int n) {
    ScalarElementwise.affine(workers, array(x), scale, shift, array(y), n);
  }

  @Override
  public void clamp(Storage x, float low, float high, Storage y, int n) {
    ScalarElementwise.clamp(workers, array(x), low, high, array(y), n);
  }

  @Override
  public void clampGrad(
      Storage x, float low, float high, Storage gradOutput, Storage gradInput, int n) {
    ScalarElementwise.clampGrad(
        workers, array(x), low, high, array(gradOutput), array(gradInput), n);
  }

  @Override
  public void unary(Unary f, Storage x, Storage y, int n) {
    ScalarElementwise.unary(workers, f, array(x), array(y), n);
  }

  @Override
  public void unaryGrad(
      Unary f, Storage x, Storage y, Storage gradOutput, Storage gradInput, int n) {
    ScalarElementwise.unaryGrad(
        workers, f, array(x), array(y), array(gradOutput), array(gradInput), n);
  }

  @Override
  public void binary(Binary f, BroadcastArgs args, Storage a, Storage b, Storage y) {
    ScalarBinary.binary(workers, f, args, array(a), array(b), array(y));
  }

  @Override
  public void reduceSum(ReduceArgs args, Storage x, Storage y) {
    ScalarReduce.sum(workers, args, array(x), array(y));
  }

  @Override
  public void reduceMax(ReduceArgs args, Storage x, Storage y) {
    ScalarReduce.max(workers, args, array(x), array(y));
  }

  @Override
  public void stridedCopy(CopyArgs args, Storage x, Storage y) {
    ScalarStridedCopy.copy(workers, args, array(x), array(y));
  }

  // Matrix products.

  @Override
  public void matmul(MatmulArgs args, Storage a, Storage b, Storage bias, Storage c) {
    ScalarMatmul.matmul(workers, args, array(a), array(b), orNull(bias), array(c));
  }

  // Convolution.

  @Override
  public void conv3d(Conv3dArgs args, Storage x, Storage weight, Storage bias, Storage y) {
    ScalarConv3d.forward(workers, args, array(x), array(weight), orNull(bias), array(y));
  }

  @Override
  public void conv3dGradInput(
      Conv3dArgs args, Storage gradOutput, Storage weight, Storage gradInput) {
    ScalarConv3d.gradInput(workers, args, array(gradOutput), array(weight), array(gradInput));
  }

  @Override
  public void conv3dGradWeight(Conv3dArgs args, Storage x, Storage gradOutput, Storage gradWeight) {
    ScalarConv3d.gradWeight(workers, args, array(x), array(gradOutput), array(gradWeight));
  }

  @Override
  public void winogradConv3d(
      WinogradArgs args, Storage x, Storage weight, Storage bias, Storage y) {
    ScalarWinograd.run(workers, args, array(x), array(weight), orNull(bias), array(y));
  }

  @Override
  public void upsampleConv(
      UpsampleConvArgs args, Storage x, Storage weight, Storage bias, Storage y) {
    ScalarUpsampleConv.forward(workers, args, array(x), array(weight), orNull(bias), array(y));
  }

  @Override
  public void upsampleConvGradInput(
      UpsampleConvArgs args, Storage gradOutput, Storage weight, Storage gradInput) {
    ScalarUpsampleConv.gradInput(workers, args, array(gradOutput), array(weight), array(gradInput));
  }

  @Override
  public void upsampleConvGradWeight(
      UpsampleConvArgs args, Storage x, Storage gradOutput, Storage gradWeight) {
    ScalarUpsampleConv.gradWeight(workers, args, array(x), array(gradOutput), array(gradWeight));
  }

  // Gathers and resampling.

  @Override
  public void gather(GatherArgs args, Storage x, Storage y) {
    ScalarGather.run(workers, args, array(x), array(y));
  }

  @Override
  public void resample(ResampleArgs args, Storage x, Storage y) {
    ScalarResample.run(workers, args, array(x), array(y));
  }

  @Override
  public void bilinearSample(BilinearSampleArgs args, Storage x, Storage places, Storage y) {
    ScalarBilinearSample.run(workers, args, array(x), array(places), array(y));
  }

  @Override
  public void bilinearSampleGradInput(
      BilinearSampleArgs args, Storage places, Storage gradOutput, Storage gradInput) {
    ScalarBilinearSample.gradInput(
        workers, args, array(places), array(gradOutput), array(gradInput));
  }

  @Override
  public void bilinearSampleGradPlaces(
      BilinearSampleArgs args, Storage x, Storage places, Storage gradOutput, Storage gradPlaces) {
    ScalarBilinearSample.gradPlaces(
        workers, args, array(x), array(places), array(gradOutput), array(gradPlaces));
  }

  @Override
  public void maxPool(MaxPoolArgs args, Storage x, Storage y) {
    ScalarMaxPool.run(workers, args, array(x), array(y));
  }

  @Override
  public void maxPoolGradInput(MaxPoolArgs args, Storage x, Storage gradOutput, Storage gradInput) {
    ScalarMaxPool.gradInput(workers, args, array(x), array(gradOutput), array(gradInput));
  }

  @Override
  public void fft2(FftArgs args, Storage x, Storage y) {
    HostFft.forward(workers, args, array(x), array(y));
  }

  @Override
  public void fft2Grad(FftArgs args, Storage gradOutput, Storage gradInput) {
    HostFft.adjoint(workers, args, array(gradOutput), array(gradInput));
  }

  // Random draws.

  @Override
  public void randomUniform(RandomKey key, Storage y, int n) {
    ScalarRandom.uniform(workers, key, array(y), n);
  }

  @Override
  public void randomNormal(RandomKey key, Storage y, int n) {
    ScalarRandom.normal(workers, key, array(y), n);
  }

  @Override
  public void dropout(RandomKey key, float p, Storage x, Storage y, int n) {
    ScalarRandom.dropout(workers, key, p, array(x), array(y), n);
  }

  // Norms and softmax.

  /** How this backend handles contiguous runs: the one thing its norms do differently. */
  protected Runs runs() {
    return Runs.SCALAR;
  }

  @Override
  public void layerNorm(
      LayerNormArgs args,
      Storage x,
      Storage weight,
      Storage bias,
      Storage y,
      Storage mean,
      Storage rstd) {
    ScalarLayerNorm.forward(
        workers,
        runs(),
        args,
        array(x),
        orNull(weight),
        orNull(bias),
        array(y),
        array(mean),
        array(rstd));
  }

  @Override
  public void layerNormGradInput(
      LayerNormArgs args,
      Storage x,
      Storage weight,
      Storage mean,
      Storage rstd,
      Storage gradOutput,
      Storage gradInput) {
    ScalarLayerNorm.gradInput(
        workers,
        runs(),
        args,
        array(x),
        orNull(weight),
        array(mean),
        array(rstd),
        array(gradOutput),
        array(gradInput));
  }

  @Override
  public void layerNormGradWeight(
      LayerNormArgs args,
      Storage x,
      Storage mean,
      Storage rstd,
      Storage gradOutput,
      Storage gradWeight) {
    ScalarLayerNorm.gradWeight(
        workers,
        runs(),
        args,
        array(x),
        array(mean),
        array(rstd),
        array(gradOutput),
        array(gradWeight));
  }

  @Override
  public void groupNorm(
      GroupNormArgs args,
      Storage x,
      Storage weight,
      Storage bias,
      Storage y,
      Storage mean,
      Storage rstd) {
    ScalarGroupNorm.forward(
        workers,
        runs(),
        args,
        array(x),
        array(weight),
        array(bias),
        array(y),
        array(mean),
        array(rstd));
  }

  @Override
  public void groupNormGrad(
      GroupNormArgs args,
      Storage x,
      Storage weight,
      Storage mean,
      Storage rstd,
      Storage gradOutput,
      Storage gradInput,
      Storage gradWeight,
      Storage gradBias) {
    ScalarGroupNorm.gradient(
        workers,
        runs(),
        args,
        array(x),
        array(weight),
        array(mean),
        array(rstd),
        array(gradOutput),
        orNull(gradInput),
        array(gradWeight),
        array(gradBias));
  }

  @Override
  public void batchNormStatistics(BatchNormArgs args, Storage x, Storage mean, Storage variance) {
    ScalarBatchNorm.statistics(workers, runs(), args, array(x), array(mean), array(variance));
  }

  @Override
  public void batchNorm(
      BatchNormArgs args,
      Storage x,
      Storage weight,
      Storage bias,
      Storage mean,
      Storage variance,
      Storage y) {
    ScalarBatchNorm.forward(
        workers,
        args,
        array(x),
        array(weight),
        array(bias),
        array(mean),
        array(variance),
        array(y));
  }

  @Override
  public void batchNormGrad(
      BatchNormArgs args,
      Storage x,
      Storage weight,
      Storage mean,
      Storage variance,
      Storage gradOutput,
      Storage gradInput,
      Storage gradWeight,
      Storage gradBias) {
    ScalarBatchNorm.gradient(
        workers,
        runs(),
        args,
        array(x),
        array(weight),
        array(mean),
        array(variance),
        array(gradOutput),
        orNull(gradInput),
        array(gradWeight),
        array(gradBias));
  }

  @Override
  public void softmax(int rows, int n, Storage x, Storage y) {
    ScalarSoftmax.forward(workers, runs(), rows, n, array(x), array(y));
  }

  @Override
  public void softmaxGrad(int rows, int n, Storage y, Storage gradOutput, Storage gradInput) {
    ScalarSoftmax.gradient(workers, runs(), rows, n, array(y), array(gradOutput), array(gradInput));
  }

  // Tokens.

  @Override
  public void modulate(TokenArgs args, Storage x, Storage shift, Storage scale, Storage y) {
    ScalarTokens.modulate(workers, args, array(x), array(shift), array(scale), array(y));
  }

  @Override
  public void modulateGrad(TokenArgs args, Storage scale, Storage gradOutput, Storage gradInput) {
    ScalarTokens.modulateGrad(workers, args, array(scale), array(gradOutput), array(gradInput));
  }

  @Override
  public void gateAdd(TokenArgs args, Storage x, Storage gate, Storage h, Storage y) {
    ScalarTokens.gateAdd(workers, args, array(x), array(gate), array(h), array(y));
  }

  @Override
  public void productSum(TokenArgs args, Storage a, Storage b, Storage y) {
    ScalarTokens.productSum(workers, args, array(a), array(b), array(y));
  }

  // Attention in a window.

  @Override
  public void windowScores(
      AttentionArgs args, float scale, float absent, Storage q, Storage k, Storage scores) {
    ScalarWindowedAttention.scores(workers, args, scale, absent, array(q), array(k), array(scores));
  }

  @Override
  public void windowApply(AttentionArgs args, float scale, Storage a, Storage x, Storage y) {
    ScalarWindowedAttention.apply(workers, args, scale, array(a), array(x), array(y));
  }

  @Override
  public void windowGather(AttentionArgs args, float scale, Storage a, Storage x, Storage y) {
    ScalarWindowedAttention.gather(workers, args, scale, array(a), array(x), array(y));
  }

  @Override
  public void rotary(RotaryArgs args, Storage table, Storage x, Storage y) {
    ScalarRotary.forward(workers, runs(), args, array(table), array(x), array(y));
  }

  @Override
  public void rotaryGrad(RotaryArgs args, Storage table, Storage gradOutput, Storage gradInput) {
    ScalarRotary.gradient(workers, runs(), args, array(table), array(gradOutput), array(gradInput));
  }

  // Optimisers.

  @Override
  public void adam(AdamArgs args, Storage p, Storage gradient, Storage m, Storage v, int n) {
    ScalarOptimiser.adam(workers, args, array(p), array(gradient), array(m), array(v), n);
  }

  @Override
  public void ema(float decay, float oneMinusDecay, Storage p, Storage average, int n) {
    ScalarOptimiser.ema(workers, decay, oneMinusDecay, array(p), array(average), n);
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
    ScalarOptimiser.adamEma(
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
    array(sums)[at] = ScalarOptimiser.sumSquares(workers, array(x), n);
  }

  // Scans and gated norms.

  @Override
  public void causalConv1d(
      CausalConv1dArgs args, Storage x, Storage weight, Storage bias, Storage y) {
    ScalarCausalConv1d.forward(
        workers, scanLoops(), args, array(x), array(weight), orNull(bias), array(y));
  }

  @Override
  public void causalConv1dGradSums(
      CausalConv1dArgs args,
      Storage x,
      Storage weight,
      Storage bias,
      Storage gradOutput,
      Storage gradSums) {
    ScalarCausalConv1d.gradSums(
        workers,
        scanLoops(),
        args,
        array(x),
        array(weight),
        orNull(bias),
        array(gradOutput),
        array(gradSums));
  }

  @Override
  public void causalConv1dGradInput(
      CausalConv1dArgs args, Storage weight, Storage gradSums, Storage gradInput) {
    ScalarCausalConv1d.gradInput(workers, args, array(weight), array(gradSums), array(gradInput));
  }

  @Override
  public void causalConv1dGradWeight(
      CausalConv1dArgs args, Storage x, Storage gradSums, Storage gradWeight) {
    ScalarCausalConv1d.gradWeight(workers, args, array(x), array(gradSums), array(gradWeight));
  }

  @Override
  public void rmsNorm(
      RmsNormArgs args, Storage x, Storage z, Storage weight, Storage y, Storage rstd) {
    ScalarRmsNorm.forward(
        workers, scanLoops(), args, array(x), orNull(z), array(weight), array(y), array(rstd));
  }

  @Override
  public void rmsNormGrad(
      RmsNormArgs args,
      Storage x,
      Storage z,
      Storage weight,
      Storage rstd,
      Storage gradOutput,
      Storage gradX,
      Storage gradZ,
      Storage weightTerms) {
    ScalarRmsNorm.backward(
        workers,
        scanLoops(),
        args,
        array(x),
        orNull(z),
        array(weight),
        array(rstd),
        array(gradOutput),
        array(gradX),
        orNull(gradZ),
        array(weightTerms));
  }

  @Override
  public void rmsNormMerge(
      RmsNormMergeArgs args, Storage x, Storage z, Storage weight, Storage y, Storage rstd) {
    ScalarRmsNormMerge.forward(
        workers, scanLoops(), args, array(x), array(z), array(weight), array(y), array(rstd));
  }

  @Override
  public void rmsNormMergeGrad(
      RmsNormMergeArgs args,
      Storage x,
      Storage z,
      Storage weight,
      Storage rstd,
      Storage gradOutput,
      Storage gradX,
      Storage gradZ,
      Storage weightTerms) {
    ScalarRmsNormMerge.backward(
        workers,
        scanLoops(),
        args,
        array(x),
        array(z),
        array(weight),
        array(rstd),
        array(gradOutput),
        array(gradX),
        array(gradZ),
        array(weightTerms));
  }

  @Override
  public void ssdScan(SsdArgs args, SsdArgs.Inputs in, Storage y) {
    ScalarSsd.scan(workers, scanLoops(), args, SsdArrays.of(in), array(y));
  }

  @Override
  public void ssdFinalState(SsdArgs args, SsdArgs.Inputs in, Storage state) {
    ScalarSsd.finalState(workers, scanLoops(), args, SsdArrays.of(in), array(state));
  }

  @Override
  public void ssdGrad(
      SsdArgs args, SsdArgs.Inputs in, Storage gradY, Storage gradState, SsdArgs.Gradients out) {
    ScalarSsdGrad.backward(
        workers,
        scanLoops(),
        args,
        SsdArrays.of(in),
        orNull(gradY),
        orNull(gradState),
        SsdArrays.of(out));
  }

  /** The innermost loops of scans and gated norms, which a vector backend replaces. */
  protected ScanLoops scanLoops() {
    return SCAN_LOOPS;
  }

  /** The array of an optional argument. */
  protected static float[] orNull(Storage storage) {
    return storage == null ? null : array(storage);
  }
}
