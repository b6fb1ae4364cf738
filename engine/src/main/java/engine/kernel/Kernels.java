package engine.kernel;

import engine.tensor.Storage;

/**
 * What a backend must be able to do, by families: each is an interface of a few kernels, their
 * arguments in records, and is implemented by the classes that do the work ({@code ScalarConv3d},
 * {@code SimdConv3d}, {@code OpenClConv3d}). A backend names one for each family, so that what is
 * missing does not compile. The scalar backend defines every result bit for bit; the others are
 * faster and equal (docs/numerics.md). Results are written completely; they never overlap an input
 * unless said so.
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

  // Moving, elementwise, sums.

  CopyKernels copies();

  ElementwiseKernels elementwise();

  ReduceKernels reduce();

  // Products and convolutions.

  MatmulKernels matmul();

  Conv3dKernels conv3d();

  WinogradConv3dKernels winogradConv3d();

  UpsampleConvKernels upsampleConv();

  // Norms.

  LayerNormKernels layerNorm();

  GroupNormKernels groupNorm();

  BatchNormKernels batchNorm();

  RmsNormGatedKernels rmsNormGated();

  RmsNormMergeKernels rmsNormMerge();

  // Attention.

  SoftmaxKernels softmax();

  WindowedAttentionKernels windowedAttention();

  RotaryKernels rotary();

  TokenKernels tokens();

  // Scans.

  CausalConv1dKernels causalConv1d();

  SsdScanKernels ssdScan();

  // Resampling and spectra.

  ResampleKernels resample();

  BilinearSampleKernels bilinearSample();

  MaxPool3dKernels maxPool3d();

  Fft2Kernels fft2();

  // Random draws and optimisers.

  RandomKernels random();

  OptimiserKernels optimiser();
}
