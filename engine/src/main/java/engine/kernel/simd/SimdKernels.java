package engine.kernel.simd;

import engine.kernel.BatchNormKernels;
import engine.kernel.BilinearSampleKernels;
import engine.kernel.CausalConv1dKernels;
import engine.kernel.Conv3dKernels;
import engine.kernel.CopyKernels;
import engine.kernel.ElementwiseKernels;
import engine.kernel.Fft2Kernels;
import engine.kernel.GroupNormKernels;
import engine.kernel.Kernels;
import engine.kernel.LayerNormKernels;
import engine.kernel.MatmulKernels;
import engine.kernel.MaxPool3dKernels;
import engine.kernel.OptimiserKernels;
import engine.kernel.RandomKernels;
import engine.kernel.ReduceKernels;
import engine.kernel.ResampleKernels;
import engine.kernel.RmsNormGatedKernels;
import engine.kernel.RmsNormMergeKernels;
import engine.kernel.RotaryKernels;
import engine.kernel.SoftmaxKernels;
import engine.kernel.SsdScanKernels;
import engine.kernel.TeamKernels;
import engine.kernel.TokenKernels;
import engine.kernel.UpsampleConvKernels;
import engine.kernel.WindowedAttentionKernels;
import engine.kernel.WinogradConv3dKernels;
import engine.kernel.Workers;
import engine.kernel.scalar.Runs;
import engine.kernel.scalar.ScalarBatchNorm;
import engine.kernel.scalar.ScalarBilinearSample;
import engine.kernel.scalar.ScalarCopy;
import engine.kernel.scalar.ScalarFft2;
import engine.kernel.scalar.ScalarGroupNorm;
import engine.kernel.scalar.ScalarLayerNorm;
import engine.kernel.scalar.ScalarRandom;
import engine.kernel.scalar.ScalarRmsNormGated;
import engine.kernel.scalar.ScalarRmsNormMerge;
import engine.kernel.scalar.ScalarRotary;
import engine.kernel.scalar.ScalarSoftmax;
import engine.kernel.scalar.ScalarSsdScan;
import engine.kernel.scalar.ScanLoops;
import engine.tensor.HeapStorage;
import engine.tensor.Storage;

/**
 * The Vector API backend: families of its own for what vectors make faster, the scalar ones for the
 * rest, some of them with vectors in their innermost loops. Vectors run across outputs, so each
 * output keeps its scalar order and its bits.
 */
public final class SimdKernels implements TeamKernels {
  private final Workers workers;
  private final CopyKernels copies;
  private final ElementwiseKernels elementwise;
  private final ReduceKernels reduce;
  private final MatmulKernels matmul;
  private final Conv3dKernels conv3d;
  private final WinogradConv3dKernels winogradConv3d;
  private final UpsampleConvKernels upsampleConv;
  private final LayerNormKernels layerNorm;
  private final GroupNormKernels groupNorm;
  private final BatchNormKernels batchNorm;
  private final RmsNormGatedKernels rmsNormGated;
  private final RmsNormMergeKernels rmsNormMerge;
  private final SoftmaxKernels softmax;
  private final WindowedAttentionKernels windowedAttention;
  private final RotaryKernels rotary;
  private final TokenKernels tokens;
  private final CausalConv1dKernels causalConv1d;
  private final SsdScanKernels ssdScan;
  private final ResampleKernels resample;
  private final BilinearSampleKernels bilinearSample;
  private final MaxPool3dKernels maxPool3d;
  private final Fft2Kernels fft2;
  private final RandomKernels random;
  private final OptimiserKernels optimiser;

  public SimdKernels(Workers workers) {
    Runs runs = SimdRuns.INSTANCE;
    ScanLoops loops = new SimdScanLoops();
    this.workers = workers;
    this.copies = new ScalarCopy(workers);
    this.elementwise = new SimdElementwise(workers);
    this.reduce = new SimdReduce(workers);
    this.matmul = new SimdMatmul(workers);
    this.conv3d = new SimdConv3d(workers);
    this.winogradConv3d = new SimdWinogradConv3d(workers);
    this.upsampleConv = new SimdUpsampleConv(workers);
    this.layerNorm = new ScalarLayerNorm(workers, runs);
    this.groupNorm = new ScalarGroupNorm(workers, runs);
    this.batchNorm = new ScalarBatchNorm(workers, runs);
    this.rmsNormGated = new ScalarRmsNormGated(workers, loops);
    this.rmsNormMerge = new ScalarRmsNormMerge(workers, loops);
    this.softmax = new ScalarSoftmax(workers, runs);
    this.windowedAttention = new SimdWindowedAttention(workers);
    this.rotary = new ScalarRotary(workers, runs);
    this.tokens = new SimdTokens(workers);
    this.causalConv1d = new SimdCausalConv1d(workers, loops);
    this.ssdScan = new ScalarSsdScan(workers, loops);
    this.resample = new SimdResample(workers);
    this.bilinearSample = new ScalarBilinearSample(workers);
    this.maxPool3d = new SimdMaxPool3d(workers);
    this.fft2 = new ScalarFft2(workers);
    this.random = new ScalarRandom(workers);
    this.optimiser = new SimdOptimiser(workers);
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

  @Override
  public Workers workers() {
    return workers;
  }

  @Override
  public Kernels alone() {
    return workers.threads() == 1 ? this : new SimdKernels(new Workers(1, workers.pool()));
  }

  @Override
  public Storage allocate(int size) {
    return HeapStorage.allocate(workers.pool(), size);
  }

  @Override
  public CopyKernels copies() {
    return copies;
  }

  @Override
  public ElementwiseKernels elementwise() {
    return elementwise;
  }

  @Override
  public ReduceKernels reduce() {
    return reduce;
  }

  @Override
  public MatmulKernels matmul() {
    return matmul;
  }

  @Override
  public Conv3dKernels conv3d() {
    return conv3d;
  }

  @Override
  public WinogradConv3dKernels winogradConv3d() {
    return winogradConv3d;
  }

  @Override
  public UpsampleConvKernels upsampleConv() {
    return upsampleConv;
  }

  @Override
  public LayerNormKernels layerNorm() {
    return layerNorm;
  }

  @Override
  public GroupNormKernels groupNorm() {
    return groupNorm;
  }

  @Override
  public BatchNormKernels batchNorm() {
    return batchNorm;
  }

  @Override
  public RmsNormGatedKernels rmsNormGated() {
    return rmsNormGated;
  }

  @Override
  public RmsNormMergeKernels rmsNormMerge() {
    return rmsNormMerge;
  }

  @Override
  public SoftmaxKernels softmax() {
    return softmax;
  }

  @Override
  public WindowedAttentionKernels windowedAttention() {
    return windowedAttention;
  }

  @Override
  public RotaryKernels rotary() {
    return rotary;
  }

  @Override
  public TokenKernels tokens() {
    return tokens;
  }

  @Override
  public CausalConv1dKernels causalConv1d() {
    return causalConv1d;
  }

  @Override
  public SsdScanKernels ssdScan() {
    return ssdScan;
  }

  @Override
  public ResampleKernels resample() {
    return resample;
  }

  @Override
  public BilinearSampleKernels bilinearSample() {
    return bilinearSample;
  }

  @Override
  public MaxPool3dKernels maxPool3d() {
    return maxPool3d;
  }

  @Override
  public Fft2Kernels fft2() {
    return fft2;
  }

  @Override
  public RandomKernels random() {
    return random;
  }

  @Override
  public OptimiserKernels optimiser() {
    return optimiser;
  }
}
