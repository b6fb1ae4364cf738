package engine.kernel;

import engine.random.RandomKey;
import engine.tensor.Storage;

/**
 * What a backend must be able to do: one method per kernel, arguments in a record. The scalar
 * backend defines every result bit for bit; the others are faster and equal (docs/numerics.md).
 * Results are written completely; they never overlap an input unless said so.
 */
public interface Kernels {
  /** The name of the backend as users choose it. */
  String name();

  /** Memory for {@code size} floats where this backend computes; contents undefined. */
  Storage allocate(int size);

  /**
   * Waits until all that was asked for is done. Reading a result waits by itself; only who measures
   * time needs this. What computes at once has nothing to wait for.
   */
  default void finish() {}

  /**
   * Gives back what the backend itself holds, such as memory of a device; every later use is
   * refused. Threads and heap memory are not its own: {@link Engine} closes all three together.
   */
  default void close() {}

  /** y = x. */
  void copy(Storage x, Storage y, int n);

  /** x = value. */
  void fill(Storage x, float value, int n);

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

  /** y[o,i] = sum over r of x[o,r,i] in the order of N5. */
  void reduceSum(ReduceArgs args, Storage x, Storage y);

  /** y[o,i] = max over r of x[o,r,i]; NaN if any is, a zero is +0; r must be positive. */
  void reduceMax(ReduceArgs args, Storage x, Storage y);

  /** A strided copy; elements of y outside the view stay as they are. */
  void stridedCopy(CopyArgs args, Storage x, Storage y);

  // Matrix products.

  /** c = op(a) op(b) + bias for each matrix of a batch, in the order of N1; bias may be null. */
  void matmul(MatmulArgs args, Storage a, Storage b, Storage bias, Storage c);

  // Convolution.

  /** y = 3-D convolution of x with weight, plus bias unless it is null (N1 to N3). */
  void conv3d(Conv3dArgs args, Storage x, Storage weight, Storage bias, Storage y);

  /** gradInput from gradOutput and weight; taps off the stride grid do not exist (N3). */
  void conv3dGradInput(Conv3dArgs args, Storage gradOutput, Storage weight, Storage gradInput);

  /** gradWeight from x and gradOutput: sums over (n,t',h',w') (N3). */
  void conv3dGradWeight(Conv3dArgs args, Storage x, Storage gradOutput, Storage gradWeight);

  /**
   * y = correlation of stride 1 with [kT,3,3], by Winograd's F(2x2,3x3) (N11); bias may be null.
   */
  void winogradConv3d(WinogradArgs args, Storage x, Storage weight, Storage bias, Storage y);

  /** y = 3x3 convolution of x enlarged twice by nearest neighbours; bias may be null (N11). */
  void upsampleConv(UpsampleConvArgs args, Storage x, Storage weight, Storage bias, Storage y);

  /** The gradient of {@link #upsampleConv} for x. */
  void upsampleConvGradInput(
      UpsampleConvArgs args, Storage gradOutput, Storage weight, Storage gradInput);

  /** The gradient of {@link #upsampleConv} for its weight. */
  void upsampleConvGradWeight(
      UpsampleConvArgs args, Storage x, Storage gradOutput, Storage gradWeight);

  // Gathers and resampling.

  /** y = the rows of x that the index names, along one axis. */
  void gather(GatherArgs args, Storage x, Storage y);

  /** y = the weighted taps of x along one axis, in the order that {@link ResampleArgs} states. */
  void resample(ResampleArgs args, Storage x, Storage y);

  /** y = x read at places between its pixels; see {@link BilinearSampleArgs}. */
  void bilinearSample(BilinearSampleArgs args, Storage x, Storage places, Storage y);

  /** The gradient of {@link #bilinearSample} for x. */
  void bilinearSampleGradInput(
      BilinearSampleArgs args, Storage places, Storage gradOutput, Storage gradInput);

  /** The gradient of {@link #bilinearSample} for the places. */
  void bilinearSampleGradPlaces(
      BilinearSampleArgs args, Storage x, Storage places, Storage gradOutput, Storage gradPlaces);

  /** y = the largest of each window of x; see {@link MaxPoolArgs}. */
  void maxPool(MaxPoolArgs args, Storage x, Storage y);

  /** The gradient of {@link #maxPool}. */
  void maxPoolGradInput(MaxPoolArgs args, Storage x, Storage gradOutput, Storage gradInput);

  /** y = the spectra of real planes; see {@link FftArgs}. */
  void fft2(FftArgs args, Storage x, Storage y);

  /** gradInput = the real part of the adjoint transform of gradOutput. */
  void fft2Grad(FftArgs args, Storage gradOutput, Storage gradInput);

  // Random draws.

  /** y_i = the key's uniform draw i in [0, 1). */
  void randomUniform(RandomKey key, Storage y, int n);

  /** y_i = the key's standard normal draw i. */
  void randomNormal(RandomKey key, Storage y, int n);

  /** y_i = x_i * (float) (1/(1-p)) where the key's uniform draw i is at least p, else +0. */
  void dropout(RandomKey key, float p, Storage x, Storage y, int n);

  // Norms and softmax.

  /**
   * Layer norm of each row: y = (x - mean) * rstd * weight + bias; weight and bias have one element
   * per column or are null. Writes the rows' mean and rstd too.
   */
  void layerNorm(
      LayerNormArgs args,
      Storage x,
      Storage weight,
      Storage bias,
      Storage y,
      Storage mean,
      Storage rstd);

  /** The gradient of {@link #layerNorm} for x; weight may be null. */
  void layerNormGradInput(
      LayerNormArgs args,
      Storage x,
      Storage weight,
      Storage mean,
      Storage rstd,
      Storage gradOutput,
      Storage gradInput);

  /** The gradient of {@link #layerNorm} for its weight. That of the bias is a plain sum. */
  void layerNormGradWeight(
      LayerNormArgs args,
      Storage x,
      Storage mean,
      Storage rstd,
      Storage gradOutput,
      Storage gradWeight);

  /**
   * Group norm: y = (x - mean) * rstd * weight + bias; weight and bias [channels]. Writes mean and
   * rstd [batch, groups] too.
   */
  void groupNorm(
      GroupNormArgs args,
      Storage x,
      Storage weight,
      Storage bias,
      Storage y,
      Storage mean,
      Storage rstd);

  /** The gradients of {@link #groupNorm}; gradInput may be null. */
  void groupNormGrad(
      GroupNormArgs args,
      Storage x,
      Storage weight,
      Storage mean,
      Storage rstd,
      Storage gradOutput,
      Storage gradInput,
      Storage gradWeight,
      Storage gradBias);

  /** The mean and the biased variance of each channel over batch and size. */
  void batchNormStatistics(BatchNormArgs args, Storage x, Storage mean, Storage variance);

  /** y = (x - mean) / sqrt(variance + eps) * weight + bias, all four [channels]. */
  void batchNorm(
      BatchNormArgs args,
      Storage x,
      Storage weight,
      Storage bias,
      Storage mean,
      Storage variance,
      Storage y);

  /** The gradients of {@link #batchNorm}; gradInput may be null. */
  void batchNormGrad(
      BatchNormArgs args,
      Storage x,
      Storage weight,
      Storage mean,
      Storage variance,
      Storage gradOutput,
      Storage gradInput,
      Storage gradWeight,
      Storage gradBias);

  /** y = softmax of each of the rows of n elements (N7); n is positive. */
  void softmax(int rows, int n, Storage x, Storage y);

  /** gradInput = y * (gradOutput - sum(gradOutput * y)) in each of the rows of n elements. */
  void softmaxGrad(int rows, int n, Storage y, Storage gradOutput, Storage gradInput);

  // Tokens: x, h, a, b, y are [batch, tokens, width], the vectors [batch, width].

  /** y = x * (1 + scale) + shift, each operation rounded. */
  void modulate(TokenArgs args, Storage x, Storage shift, Storage scale, Storage y);

  /** gradInput = gradOutput * (1 + scale). */
  void modulateGrad(TokenArgs args, Storage scale, Storage gradOutput, Storage gradInput);

  /** y = x + gate * h, each operation rounded. */
  void gateAdd(TokenArgs args, Storage x, Storage gate, Storage h, Storage y);

  /** y[n,d] = sum over t of the rounded a[n,t,d] * b[n,t,d], in the order of N5. */
  void productSum(TokenArgs args, Storage a, Storage b, Storage y);

  // Attention in a window; tables of scores are [batch, heads, length, slots].

  /** scores = scale * (q k) for the keys that each query sees, {@code absent} in other slots. */
  void windowScores(
      AttentionArgs args, float scale, float absent, Storage q, Storage k, Storage scores);

  /** y[query] = scale * (sum over the keys it sees of a * x[key]). */
  void windowApply(AttentionArgs args, float scale, Storage a, Storage x, Storage y);

  /** y[key] = scale * (sum over the queries that see it of a * x[query]), in every version. */
  void windowGather(AttentionArgs args, float scale, Storage a, Storage x, Storage y);

  /** y = the versions of x, scaled and rotated by the table of cosines and sines. */
  void rotary(RotaryArgs args, Storage table, Storage x, Storage y);

  /** The gradient of {@link #rotary} for x: rotated back, the versions added, scaled. */
  void rotaryGrad(RotaryArgs args, Storage table, Storage gradOutput, Storage gradInput);

  // Optimisers.

  /** One step of Adam in place: parameter p, moments m and v; see {@link AdamArgs}. */
  void adam(AdamArgs args, Storage p, Storage gradient, Storage m, Storage v, int n);

  /** average = average * decay + p * oneMinusDecay, in place. */
  void ema(float decay, float oneMinusDecay, Storage p, Storage average, int n);

  /** {@link #adam}, then {@link #ema} of the new p, while they are in the cache. */
  void adamEma(
      AdamArgs args,
      float decay,
      float oneMinusDecay,
      Storage p,
      Storage gradient,
      Storage m,
      Storage v,
      Storage average,
      int n);

  /** sums[at] = the sum of x^2 in the order of N5. */
  void sumSquares(Storage x, int n, Storage sums, int at);

  // Scans and gated norms.

  /** y = causal depthwise convolution of x; bias may be null. */
  void causalConv1d(CausalConv1dArgs args, Storage x, Storage weight, Storage bias, Storage y);

  /**
   * gradSums = gradOutput * silu'(sums): from the gradient of y to that of the sums before SiLU.
   */
  void causalConv1dGradSums(
      CausalConv1dArgs args,
      Storage x,
      Storage weight,
      Storage bias,
      Storage gradOutput,
      Storage gradSums);

  /** The gradient of the input's own channels; what lies beside them in wider rows stays. */
  void causalConv1dGradInput(
      CausalConv1dArgs args, Storage weight, Storage gradSums, Storage gradInput);

  /** The gradient of the weight. */
  void causalConv1dGradWeight(
      CausalConv1dArgs args, Storage x, Storage gradSums, Storage gradWeight);

  /** y = gated RMS norm of x; z may be null; rstd [rows, groups] is kept for the gradient. */
  void rmsNorm(RmsNormArgs args, Storage x, Storage z, Storage weight, Storage y, Storage rstd);

  /**
   * Gradients of x and z (null where not wanted), and the terms [rows, width] that the weight's
   * gradient sums over rows.
   */
  void rmsNormGrad(
      RmsNormArgs args,
      Storage x,
      Storage z,
      Storage weight,
      Storage rstd,
      Storage gradOutput,
      Storage gradX,
      Storage gradZ,
      Storage weightTerms);

  /**
   * y [sums, tokens, width]: for each sum its walks' gated RMS norms of x, added; rstd [rows of x]
   * is kept for the gradient.
   */
  void rmsNormMerge(
      RmsNormMergeArgs args, Storage x, Storage z, Storage weight, Storage y, Storage rstd);

  /**
   * Gradients of x and of the gate's own columns of z, and the terms [tokens, width] that the
   * weight's gradient sums over tokens.
   */
  void rmsNormMergeGrad(
      RmsNormMergeArgs args,
      Storage x,
      Storage z,
      Storage weight,
      Storage rstd,
      Storage gradOutput,
      Storage gradX,
      Storage gradZ,
      Storage weightTerms);

  /** y [batch,length,heads,headDim] of the state space scan. */
  void ssdScan(SsdArgs args, SsdArgs.Inputs in, Storage y);

  /** The state [batch,heads,headDim,state] behind the last step of the scan. */
  void ssdFinalState(SsdArgs args, SsdArgs.Inputs in, Storage state);

  /**
   * The scan's gradients from that of y, of the final state, or both (null where absent). Of the
   * gradients, x and dt must be there, the others may be null.
   */
  void ssdGrad(
      SsdArgs args, SsdArgs.Inputs in, Storage gradY, Storage gradState, SsdArgs.Gradients out);
}
