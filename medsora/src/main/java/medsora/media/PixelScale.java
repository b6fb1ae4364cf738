package medsora.media;

/** Between the bytes of pixels and the scale of the networks, [-1, 1]. */
public final class PixelScale {
  private static final float[] VALUES = values();

  private PixelScale() {}

  private static float[] values() {
    float[] table = new float[256];
    for (int i = 0; i < table.length; i++) {
      table[i] = (float) ((i / 255.0 - 0.5) / 0.5);
    }
    return table;
  }

  /** {@code (b / 255 - 0.5) / 0.5} of a byte taken as 0..255, in double, rounded once. */
  public static float value(byte b) {
    return VALUES[b & 0xff];
  }

  /**
   * A generated value in [-1,1] as a byte: {@code (x * 0.5 + 0.5) * 255}, plus 0.5, clamped to
   * 0..255 and cut off. Not-a-number becomes 0.
   */
  public static byte toByte(float x) {
    float v = (x * 0.5f + 0.5f) * 255f + 0.5f;
    return (byte) (int) (v < 0 ? 0 : v > 255 ? 255 : v);
  }
}
