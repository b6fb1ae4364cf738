package engine.kernel.opencl;

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
import engine.kernel.TokenKernels;
import engine.kernel.UpsampleConvKernels;
import engine.kernel.WindowedAttentionKernels;
import engine.kernel.WinogradConv3dKernels;
import engine.kernel.Workers;
import engine.tensor.Storage;

/**
 * Every family of kernels on an OpenCL device, with the order of operations of its scalar twin.
 * What a kernel needs beside its arguments it takes from the device's pool. Only the Fourier
 * transforms come back to the host ({@link OpenClFft2}).
 */
public final class OpenClKernels implements Kernels {
  private final OpenClContext context;
  private final OpenClTile tile;
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
    OpenClCopy copying = new OpenClCopy(context);
    OpenClReduce reductions = new OpenClReduce(context);
    OpenClPanels panels = new OpenClPanels(context, tile);
    OpenClElementwise elementwise = new OpenClElementwise(context);
    this.elementwise = elementwise;
    OpenClConv3d convolutions = new OpenClConv3d(context, panels, copying, elementwise);
    OpenClPlanes planes = new OpenClPlanes(context, reductions);
    this.copies = copying;
    this.reduce = reductions;
    this.matmul = new OpenClMatmul(panels);
    this.conv3d = convolutions;
    this.winogradConv3d = new OpenClWinogradConv3d(context, panels, elementwise);
    this.upsampleConv = new OpenClUpsampleConv(context, convolutions);
    this.layerNorm = new OpenClLayerNorm(context, reductions);
    this.groupNorm = new OpenClGroupNorm(context, reductions, planes);
    this.batchNorm = new OpenClBatchNorm(context, reductions, planes);
    this.rmsNormGated = new OpenClRmsNormGated(context);
    this.rmsNormMerge = new OpenClRmsNormMerge(context);
    this.softmax = new OpenClSoftmax(context);
    this.windowedAttention = new OpenClWindowedAttention(context);
    this.rotary = new OpenClRotary(context);
    this.tokens = new OpenClTokens(context);
    this.causalConv1d = new OpenClCausalConv1d(context);
    this.ssdScan = new OpenClSsdScan(context);
    this.resample = new OpenClResample(context);
    this.bilinearSample = new OpenClBilinearSample(context);
    this.maxPool3d = new OpenClMaxPool3d(context);
    this.fft2 = new OpenClFft2(workers);
    this.random = new OpenClRandom(context);
    this.optimiser = new OpenClOptimiser(context);
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
