package engine.io;

/** Widening of the 8- and 16-bit float formats to float32. Every widening is exact. */
final class SmallFloats {
  /** The one NaN of the formats without a negative zero. */
  private static final byte NAN_FNUZ = (byte) 0x80;

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
    return signed(bits, magnitude(magnitude, 3, 7));
  }

  /** E4M3 with bias 8 and neither infinities nor a negative zero. */
  static float fromF8E4M3Fnuz(byte bits) {
    return bits == NAN_FNUZ ? Float.NaN : signed(bits, magnitude(bits & 0x7F, 3, 8));
  }

  /** E5M2 with bias 16 and neither infinities nor a negative zero. */
  static float fromF8E5M2Fnuz(byte bits) {
    return bits == NAN_FNUZ ? Float.NaN : signed(bits, magnitude(bits & 0x7F, 2, 16));
  }

  /** E8M0: 2 to the power of the byte less 127. */
  static float fromF8E8M0(byte bits) {
    int exponent = Byte.toUnsignedInt(bits);
    if (exponent == 0xFF) {
      return Float.NaN;
    }
    // 2^-127 is a subnormal of float32: half of its least normal number.
    return Float.intBitsToFloat(exponent == 0 ? 1 << 22 : exponent << 23);
  }

  private static float signed(byte bits, float magnitude) {
    return bits < 0 ? -magnitude : magnitude;
  }

  /** Exponent and fraction without a sign; an exponent of 0 has no leading one. */
  private static float magnitude(int bits, int fractionBits, int bias) {
    int exponent = bits >> fractionBits;
    int fraction = bits & ((1 << fractionBits) - 1);
    if (exponent == 0) {
      return fraction * power(1 - bias - fractionBits);
    }
    return Float.intBitsToFloat((exponent - bias + 127) << 23 | fraction << (23 - fractionBits));
  }

  private static float power(int exponent) {
    return Float.intBitsToFloat((exponent + 127) << 23);
  }
}
