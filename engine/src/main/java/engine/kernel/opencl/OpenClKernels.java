package engine.kernel.opencl;

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
import engine.kernel.scalar.ScalarKernels;
import engine.random.RandomKey;
import engine.tensor.HeapStorage;
import engine.tensor.Storage;

/**
 * Every kernel on an OpenCL device, with the order of operations of its scalar twin. What a method
 * needs beside its arguments it takes from the device's pool. Only the Fourier transforms come back
 * to the host, where JTransforms does them.
 */
public final class OpenClKernels implements Kernels {
  private final OpenClContext context;
  private final OpenClTile tile;
  private final OpenClElementwise elementwise;
  private final OpenClSums sums;
  private final OpenClProducts products;
  private final OpenClConvolutions convolutions;
  private final OpenClResampling resampling;
  private final OpenClRandom random;
  private final OpenClNorms norms;
  private final OpenClTokens tokens;
  private final OpenClAttention attention;
  private final OpenClOptimiser optimiser;
  private final OpenClCausalConv1d causalConv1d;
  private final OpenClRmsNorm rmsNorm;

  /** What computes the Fourier transforms. */
  private final ScalarKernels host;

  /**
   * The device that is named by {@code -Dengine.opencl.device}, or the best, with the tile that
   * {@link OpenClTuner} found for it.
   */
  public OpenClKernels(Workers workers) {
    this(OpenClDevices.choose(System.getProperty("engine.opencl.device")), workers);
  }

  public OpenClKernels(OpenClDevice device, Workers workers) {
    this(device, OpenClTileChoice.known(device).orElseGet(() -> OpenClTile.of(device)), workers);
  }

  /** With a tile that was measured. */
  public OpenClKernels(OpenClDevice device, OpenClTile tile, Workers workers) {
    this(device, tile, OpenClCache.ofUser(), workers);
  }

  OpenClKernels(OpenClDevice device, OpenClTile tile, OpenClCache cache, Workers workers) {
    this.tile = tile;
    this.context = new OpenClContext(device, new OpenClPrograms.Recipe(tile, cache));
    this.elementwise = new OpenClElementwise(context);
    this.sums = new OpenClSums(context);
    this.products = new OpenClProducts(context, tile);
    this.convolutions = new OpenClConvolutions(context, products);
    this.resampling = new OpenClResampling(context);
    this.random = new OpenClRandom(context);
    this.norms = new OpenClNorms(context, sums);
    this.tokens = new OpenClTokens(context);
    this.attention = new OpenClAttention(context);
    this.optimiser = new OpenClOptimiser(context);
    this.causalConv1d = new OpenClCausalConv1d(context);
    this.rmsNorm = new OpenClRmsNorm(context);
    this.host = new ScalarKernels(workers);
  }

  @Override
  public String name() {
    return "opencl";
  }

  OpenClContext context() {
    return context;
  }

  public OpenClDevice device() {
    return context.device();
  }

  /** What went to the device and came back since it was opened. */
  public Transfers transfers() {
    return context.transfers();
  }

  /** How its products are tiled. */
  public OpenClTile tile() {
    return tile;
  }

  @Override
  public void finish() {
    context.finish();
  }

  /** Gives all memory back. What it computed is gone but for what lies in arrays of the heap. */
  @Override
  public void close() {
    context.close();
  }

  /** Programs that were built from source, not taken from the cache. */
  int builds() {
    return context.builds();
  }

  @Override
  public Storage allocate(int size) {
    return OpenClStorage.allocate(context, size);
  }

  // ---- elementwise

  @Override
  public void copy(Storage x, Storage y, int n) {
    elementwise.copy(x, y, n);
  }

  @Override
  public void fill(Storage x, float value, int n) {
    elementwise.fill(x, value, n);
  }

  @Override
  public void addInto(Storage sum, Storage x, int n) {
    elementwise.addInto(sum, x, n);
  }

  @Override
  public void affine(Storage x, float scale, float shift, Storage y, int n) {
    elementwise.affine(x, scale, shift, y, n);
  }

  @Override
  public void clamp(Storage x, float low, float high, Storage y, int n) {
    elementwise.clamp(x, low, high, y, n);
  }

  @Override
  public void clampGrad(
      Storage x, float low, float high, Storage gradOutput, Storage gradInput, int n) {
    elementwise.clampGrad(x, low, high, gradOutput, gradInput, n);
  }

  @Override
  public void unary(Unary f, Storage x, Storage y, int n) {
    elementwise.unary(f, x, y, n);
  }

  @Override
  public void unaryGrad(
      Unary f, Storage x, Storage y, Storage gradOutput, Storage gradInput, int n) {
    elementwise.unaryGrad(f, x, y, gradOutput, gradInput, n);
  }

  @Override
  public void binary(Binary f, BroadcastArgs args, Storage a, Storage b, Storage y) {
    elementwise.binary(f, args, a, b, y);
  }

  @Override
  public void reduceSum(ReduceArgs args, Storage x, Storage y) {
    sums.reduceSum(args, x, y);
  }

  @Override
  public void reduceMax(ReduceArgs args, Storage x, Storage y) {
    sums.reduceMax(args, x, y);
  }

  @Override
  public void stridedCopy(CopyArgs args, Storage x, Storage y) {
    elementwise.stridedCopy(args, x, y);
  }

  // ---- products

  @Override
  public void matmul(MatmulArgs args, Storage a, Storage b, Storage bias, Storage c) {
    products.matmul(args, a, b, bias, c);
  }

  @Override
  public void conv3d(Conv3dArgs args, Storage x, Storage weight, Storage bias, Storage y) {
    convolutions.conv3d(args, x, weight, bias, y);
  }

  @Override
  public void conv3dGradInput(
      Conv3dArgs args, Storage gradOutput, Storage weight, Storage gradInput) {
    convolutions.gradInput(args, gradOutput, weight, gradInput);
  }

  @Override
  public void conv3dGradWeight(Conv3dArgs args, Storage x, Storage gradOutput, Storage gradWeight) {
    convolutions.gradWeight(args, x, gradOutput, gradWeight);
  }

  @Override
  public void winogradConv3d(
      WinogradArgs args, Storage x, Storage weight, Storage bias, Storage y) {
    convolutions.winograd(args, x, weight, bias, y);
  }

  @Override
  public void upsampleConv(
      UpsampleConvArgs args, Storage x, Storage weight, Storage bias, Storage y) {
    convolutions.upsample(args, x, weight, bias, y);
  }

  @Override
  public void upsampleConvGradInput(
      UpsampleConvArgs args, Storage gradOutput, Storage weight, Storage gradInput) {
    convolutions.upsampleGradInput(args, gradOutput, weight, gradInput);
  }

  @Override
  public void upsampleConvGradWeight(
      UpsampleConvArgs args, Storage x, Storage gradOutput, Storage gradWeight) {
    convolutions.upsampleGradWeight(args, x, gradOutput, gradWeight);
  }

  // ---- gathers and resampling

  @Override
  public void gather(GatherArgs args, Storage x, Storage y) {
    resampling.gather(args, x, y);
  }

  @Override
  public void resample(ResampleArgs args, Storage x, Storage y) {
    resampling.resample(args, x, y);
  }

  @Override
  public void bilinearSample(BilinearSampleArgs a, Storage x, Storage places, Storage y) {
    resampling.bilinearSample(a, x, places, y);
  }

  @Override
  public void bilinearSampleGradInput(
      BilinearSampleArgs a, Storage places, Storage gradOutput, Storage gradInput) {
    resampling.bilinearSampleGradInput(a, places, gradOutput, gradInput);
  }

  @Override
  public void bilinearSampleGradPlaces(
      BilinearSampleArgs a, Storage x, Storage places, Storage gradOutput, Storage gradPlaces) {
    resampling.bilinearSampleGradPlaces(a, x, places, gradOutput, gradPlaces);
  }

  @Override
  public void maxPool(MaxPoolArgs a, Storage x, Storage y) {
    resampling.maxPool(a, x, y);
  }

  @Override
  public void maxPoolGradInput(MaxPoolArgs a, Storage x, Storage gradOutput, Storage gradInput) {
    resampling.maxPoolGradInput(a, x, gradOutput, gradInput);
  }

  @Override
  public void fft2(FftArgs args, Storage x, Storage y) {
    onHost(x, y, (a, b) -> host.fft2(args, a, b));
  }

  @Override
  public void fft2Grad(FftArgs args, Storage gradOutput, Storage gradInput) {
    onHost(gradOutput, gradInput, (a, b) -> host.fft2Grad(args, a, b));
  }

  private interface HostWork {
    void run(Storage x, Storage y);
  }

  /** One copy there and one back. */
  private static void onHost(Storage x, Storage y, HostWork work) {
    float[] from = new float[x.size()];
    float[] to = new float[y.size()];
    x.read(from);
    work.run(HeapStorage.wrap(from), HeapStorage.wrap(to));
    y.write(to);
  }

  // ---- random draws

  @Override
  public void randomUniform(RandomKey key, Storage y, int n) {
    random.randomUniform(key, y, n);
  }

  @Override
  public void randomNormal(RandomKey key, Storage y, int n) {
    random.randomNormal(key, y, n);
  }

  @Override
  public void dropout(RandomKey key, float p, Storage x, Storage y, int n) {
    random.dropout(key, p, x, y, n);
  }

  // ---- norms

  @Override
  public void layerNorm(
      LayerNormArgs args,
      Storage x,
      Storage weight,
      Storage bias,
      Storage y,
      Storage mean,
      Storage rstd) {
    norms.layerNorm(args, x, weight, bias, y, mean, rstd);
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
    norms.layerNormGradInput(args, x, weight, mean, rstd, gradOutput, gradInput);
  }

  @Override
  public void layerNormGradWeight(
      LayerNormArgs args,
      Storage x,
      Storage mean,
      Storage rstd,
      Storage gradOutput,
      Storage gradWeight) {
    norms.layerNormGradWeight(args, x, mean, rstd, gradOutput, gradWeight);
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
    norms.groupNorm(args, x, weight, bias, y, mean, rstd);
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
    norms.groupNormGrad(args, x, weight, mean, rstd, gradOutput, gradInput, gradWeight, gradBias);
  }

  @Override
  public void batchNormStatistics(BatchNormArgs args, Storage x, Storage mean, Storage variance) {
    norms.batchNormStatistics(args, x, mean, variance);
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
    norms.batchNorm(args, x, weight, bias, mean, variance, y);
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
    norms.batchNormGrad(
        args, x, weight, mean, variance, gradOutput, gradInput, gradWeight, gradBias);
  }

  @Override
  public void softmax(int rows, int n, Storage x, Storage y) {
    norms.softmax(rows, n, x, y);
  }

  @Override
  public void softmaxGrad(int rows, int n, Storage y, Storage gradOutput, Storage gradInput) {
    norms.softmaxGrad(rows, n, y, gradOutput, gradInput);
  }

  // ---- tokens

  @Override
  public void modulate(TokenArgs a, Storage x, Storage shift, Storage scale, Storage y) {
    tokens.modulate(a, x, shift, scale, y);
  }

  @Override
  public void modulateGrad(TokenArgs a, Storage scale, Storage gradOutput, Storage gradInput) {
    tokens.modulateGrad(a, scale, gradOutput, gradInput);
  }

  @Override
  public void gateAdd(TokenArgs a, Storage x, Storage gate, Storage h, Storage y) {
    tokens.gateAdd(a, x, gate, h, y);
  }

  @Override
  public void productSum(TokenArgs args, Storage a, Storage b, Storage y) {
    tokens.productSum(args, a, b, y);
  }

  // ---- attention

  @Override
  public void windowScores(
      AttentionArgs a, float scale, float absent, Storage q, Storage k, Storage scores) {
    attention.windowScores(a, scale, absent, q, k, scores);
  }

  @Override
  public void windowApply(AttentionArgs args, float scale, Storage a, Storage x, Storage y) {
    attention.windowApply(args, scale, a, x, y);
  }

  @Override
  public void windowGather(AttentionArgs args, float scale, Storage a, Storage x, Storage y) {
    attention.windowGather(args, scale, a, x, y);
  }

  @Override
  public void rotary(RotaryArgs a, Storage table, Storage x, Storage y) {
    attention.rotary(a, table, x, y);
  }

  @Override
  public void rotaryGrad(RotaryArgs a, Storage table, Storage gradOutput, Storage gradInput) {
    attention.rotaryGrad(a, table, gradOutput, gradInput);
  }

  // ---- optimisers

  @Override
  public void adam(AdamArgs a, Storage p, Storage gradient, Storage m, Storage v, int n) {
    optimiser.adam(a, p, gradient, m, v, n);
  }

  @Override
  public void ema(float decay, float oneMinusDecay, Storage p, Storage average, int n) {
    optimiser.ema(decay, oneMinusDecay, p, average, n);
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
    optimiser.adamEma(args, decay, oneMinusDecay, p, gradient, m, v, average, n);
  }

  @Override
  public void sumSquares(Storage x, int n, Storage sums, int at) {
    this.sums.sumSquares(x, n, sums, at);
  }

  // ---- sequences

  @Override
  public void causalConv1d(CausalConv1dArgs a, Storage x, Storage weight, Storage bias, Storage y) {
    causalConv1d.causalConv1d(a, x, weight, bias, y);
  }

  @Override
  public void causalConv1dGradSums(
      CausalConv1dArgs a,
      Storage x,
      Storage weight,
      Storage bias,
      Storage gradOutput,
      Storage gradSums) {
    causalConv1d.causalConv1dGradSums(a, x, weight, bias, gradOutput, gradSums);
  }

  @Override
  public void causalConv1dGradInput(
      CausalConv1dArgs a, Storage weight, Storage gradSums, Storage gradInput) {
    causalConv1d.causalConv1dGradInput(a, weight, gradSums, gradInput);
  }

  @Override
  public void causalConv1dGradWeight(
      CausalConv1dArgs a, Storage x, Storage gradSums, Storage gradWeight) {
    causalConv1d.causalConv1dGradWeight(a, x, gradSums, gradWeight);
  }

  @Override
  public void rmsNorm(
      RmsNormArgs a, Storage x, Storage z, Storage weight, Storage y, Storage rstd) {
    rmsNorm.rmsNorm(a, x, z, weight, y, rstd);
  }

  @Override
  public void rmsNormGrad(
      RmsNormArgs a,
      Storage x,
      Storage z,
      Storage weight,
      Storage rstd,
      Storage gradOutput,
      Storage gradX,
      Storage gradZ,
      Storage weightTerms) {
    rmsNorm.rmsNormGrad(a, x, z, weight, rstd, gradOutput, gradX, gradZ, weightTerms);
  }

  @Override
  public void rmsNormMerge(
      RmsNormMergeArgs a, Storage x, Storage z, Storage weight, Storage y, Storage rstd) {
    rmsNorm.rmsNormMerge(a, x, z, weight, y, rstd);
  }

  @Override
  public void rmsNormMergeGrad(
      RmsNormMergeArgs a,
      Storage x,
      Storage z,
      Storage weight,
      Storage rstd,
      Storage gradOutput,
      Storage gradX,
      Storage gradZ,
      Storage weightTerms) {
    rmsNorm.rmsNormMergeGrad(a, x, z, weight, rstd, gradOutput, gradX, gradZ, weightTerms);
  }

  @Override
  public void ssdScan(SsdArgs args, SsdArgs.Inputs in, Storage y) {
    OpenClScan.scan(context, args, in, y);
  }

  @Override
  public void ssdFinalState(SsdArgs args, SsdArgs.Inputs in, Storage state) {
    OpenClScan.finalState(context, args, in, state);
  }

  @Override
  public void ssdGrad(
      SsdArgs args, SsdArgs.Inputs in, Storage gradY, Storage gradState, SsdArgs.Gradients out) {
    OpenClScan.gradient(context, args, in, gradY, gradState, out);
  }
}
