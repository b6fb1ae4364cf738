package engine.testing;

/**
 * Equality of floats by their bits, all NaN being one value: where two NaN meet, Java leaves open
 * whose sign and payload the result has, and interpreted and compiled code do differ.
 */
public final class Bits {
  private Bits() {}

  public static void assertEqual(float[] expected, float[] got, String where) {
    if (expected.length != got.length) {
      throw new AssertionError(where + ": " + got.length + " elements, wants " + expected.length);
    }
    for (int i = 0; i < got.length; i++) {
      int e = Float.floatToIntBits(expected[i]);
      int g = Float.floatToIntBits(got[i]);
      if (e != g) {
        throw new AssertionError(
            "%s: element %d of %d is %s (%08x), wants %s (%08x)"
                .formatted(where, i, got.length, got[i], g, expected[i], e));
      }
    }
  }
}
