package engine.op;

import engine.testing.OpCase;
import engine.testing.OpContract;
import engine.testing.SplitMix;

/** Convolutions of values at the edges of float32, on all backends. */
final class ConvSpecialValues {
  private static final float[] SPECIAL = {
    1e-30f, -1e-30f, 0f, -0f, Float.MIN_VALUE, -Float.MIN_NORMAL, 3e38f, -1f, 1e-20f, -2e-25f
  };

  private ConvSpecialValues() {}

  /**
   * Denormals, huge and tiny values, both zeros; the same with infinities, then with a NaN.
   *
   * @param c of an input of more than 100 elements, a weight of more than 40, and a bias
   */
  static void sameBits(OpCase c) {
    for (int seed = 0; seed < 4; seed++) {
      float[][] in = new float[3][];
      for (int i = 0; i < 3; i++) {
        in[i] = new float[c.shapes().get(i).size()];
        for (int j = 0; j < in[i].length; j++) {
          in[i][j] =
              SPECIAL[(int) Math.floorMod(SplitMix.at(31L * seed + i, j), (long) SPECIAL.length)];
        }
      }
      OpContract.sameBits(c, in, seed);
      in[0][17] = Float.POSITIVE_INFINITY;
      in[1][40] = Float.NEGATIVE_INFINITY;
      OpContract.sameBits(c, in, seed);
      in[0][100] = Float.NaN;
      OpContract.sameBits(c, in, seed);
    }
  }
}
