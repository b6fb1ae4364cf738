package engine.kernel.scalar;

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
import engine.tensor.HeapStorage;
import engine.tensor.Storage;

/**
 * The normative backend: plain loops in plain Java. What these loops compute is, bit for bit, what
 * every backend must compute.
 */
public class ScalarKernels implements TeamKernels {
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

  public ScalarKernels(Workers workers) {
    ScanLoops loops = new ScanLoops();
    this.workers = workers;
    this.copies = new ScalarCopy(workers);
    this.elementwise = new ScalarElementwise(workers);
    this.reduce = new ScalarReduce(workers);
    this.matmul = new ScalarMatmul(workers);
    this.conv3d = new ScalarConv3d(workers);
    this.winogradConv3d = new ScalarWinogradConv3d(workers);
    this.upsampleConv = new ScalarUpsampleConv(workers);
    this.layerNorm = new ScalarLayerNorm(workers, Runs.SCALAR);
    this.groupNorm = new ScalarGroupNorm(workers, Runs.SCALAR);
    this.batchNorm = new ScalarBatchNorm(workers, Runs.SCALAR);
    this.rmsNormGated = new ScalarRmsNormGated(workers, loops);
    this.rmsNormMerge = new ScalarRmsNormMerge(workers, loops);
    this.softmax = new ScalarSoftmax(workers, Runs.SCALAR);
    this.windowedAttention = new ScalarWindowedAttention(workers);
    this.rotary = new ScalarRotary(workers, Runs.SCALAR);
    this.tokens = new ScalarTokens(workers);
    this.causalConv1d = new ScalarCausalConv1d(workers, loops);
    this.ssdScan = new ScalarSsdScan(workers, loops);
    this.resample = new ScalarResample(workers);
    this.bilinearSample = new ScalarBilinearSample(workers);
    this.maxPool3d = new ScalarMaxPool3d(workers);
    this.fft2 = new ScalarFft2(workers);
    this.random = new ScalarRandom(workers);
    this.optimiser = new ScalarOptimiser(workers);
  }

  @Override
  public String name() {
    return "scalar";
  }

  @Override
  public Workers workers() {
    return workers;
  }

  @Override
  public Kernels alone() {
    return workers.threads() == 1 ? this : new ScalarKernels(new Workers(1, workers.pool()));
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
