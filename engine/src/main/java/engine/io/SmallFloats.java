package engine.io;

/** Widening of the 8- and 16-bit float formats to float32. Every widening is exact. */
final class SmallFloats {
  private SmallFloats() {}

  /** IEEE binary16. */
  static float fromF16(short bits) {
    return Float.float16ToFloat(bits);
  }

  /** bfloat16: the upper half of a float32. */
  static float fromBf16(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  /** E5M2: the upper byte of a binary16. */
  static float fromF8E5M2(byte bits) {
    return Float.float16ToFloat((short) (bits << 8));
  }

  /** E4M3 without infinities: sign, 4 exponent bits with bias 7, 3 fraction bits. */
  static float fromF8E4M3(byte bits) {
    int magnitude = bits & 0x7F;
    if (magnitude == 0x7F) {
      return Float.NaN;
    }
    int exponent = magnitude >> 3;
    int fraction = magnitude & 7;
    float value =
        exponent == 0
            ? fraction * 0x1p-9f
            : Float.intBitsToFloat((exponent + 120) << 23 | fraction << 20);
    return bits < 0 ? -value : value;
  }
}
