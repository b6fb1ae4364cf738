package engine.kernel;

import engine.tensor.Storage;

/**
 * One fixed set of transforms and the hash of their bits (numeric contract N18): a backend that
 * brings transforms or tables of its own shows here.
 */
final class FftProbe {
  /** What {@link #hash} gives on every machine that meets the contract. */
  static final long EXPECTED = 0xE0FA763B6F86D6A9L;

  /** Powers of two, and lengths that are convolved: small factors, a large prime. */
  private static final int[][] SIZES = {{16, 32}, {15, 14}, {3, 211}, {1, 1}};

  private FftProbe() {}

  /** FNV-1a over the raw bits of the transforms of fixed noise. */
  static long hash(Kernels k) {
    long hash = 0xCBF29CE484222325L;
    for (int[] size : SIZES) {
      FftArgs args = new FftArgs(2, size[0], size[1], true);
      for (float value : transform(k, args)) {
        hash = (hash ^ Float.floatToRawIntBits(value)) * 0x100000001B3L;
      }
    }
    return hash;
  }

  private static float[] transform(Kernels k, FftArgs args) {
    float[] noise = new float[args.planes() * args.plane()];
    for (int i = 0; i < noise.length; i++) {
      noise[i] = (((i + 1) * 0x9E3779B1) >> 8) * 0x1p-23f;
    }
    float[] result = new float[2 * noise.length];
    Storage x = k.allocate(noise.length);
    Storage y = k.allocate(result.length);
    x.write(noise);
    k.fft2().forward(args, x, y);
    y.read(result);
    x.release();
    y.release();
    return result;
  }
}
