package engine.kernel;

import engine.tensor.Storage;

/**
 * One fixed set of transforms and the hash of their bits (numeric contract N18). The tables of the
 * library that computes them come from the platform's sine and cosine, which may differ in the last
 * bit of a double between machines; a machine on which that shows is not bit-exact.
 */
final class FftProbe {
  /** What {@link #hash} gives on every machine that meets the contract. */
  static final long EXPECTED = 0xD7A946ED08D32990L;

  /** Sizes that take each of the library's ways: powers of two, small factors, large primes. */
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
