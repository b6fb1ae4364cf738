package engine.tensor;

/**
 * Float32 values kept in 16 bits each, for weights at rest: half the memory, and nothing lost where
 * the values came in that format, for widening is exact. Kernels never see it: {@link #widen} gives
 * them a float32 tensor whose memory goes back with the scope that is open.
 *
 * <p>An ordinary class and not a record, for its array is shared and not compared.
 */
public final class HalfFloats {
  /** How 16 bits stand for a number. */
  public enum Format {
    /** IEEE binary16: 5 bits of exponent, 10 of fraction; up to 65504. */
    FLOAT16,
    /** The upper half of a float32: 8 bits of exponent, 7 of fraction. */
    BFLOAT16
  }

  private final Format format;
  private final short[] bits;

  private HalfFloats(Format format, short[] bits) {
    this.format = format;
    this.bits = bits;
  }

  /** Values by their bits; the array is not copied. */
  public static HalfFloats ofBits(Format format, short[] bits) {
    return new HalfFloats(format, bits);
  }

  /** Rounds to nearest, ties to even; beyond the largest value to infinity, NaN stays NaN. */
  public static HalfFloats round(Format format, float[] values) {
    short[] bits = new short[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] =
          format == Format.FLOAT16 ? Float.floatToFloat16(values[i]) : roundToBfloat(values[i]);
    }
    return new HalfFloats(format, bits);
  }

  private static short roundToBfloat(float value) {
    int raw = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      // The quiet bit set, so that a payload in the lower half alone does not become infinity.
      return (short) ((raw >>> 16) | 0x40);
    }
    return (short) ((raw + 0x7FFF + ((raw >>> 16) & 1)) >>> 16);
  }

  public Format format() {
    return format;
  }

  public int size() {
    return bits.length;
  }

  /** The bits of every value; the array itself, not to be changed. */
  public short[] bits() {
    return bits;
  }

  /** The values as float32, exactly, in memory of the current {@link MemoryScope}. */
  public Tensor widen(Shape shape) {
    ShapeException.require(
        shape.size() == bits.length,
        "widen",
        "shape %s wants %d elements, there are %d",
        shape,
        shape.size(),
        bits.length);
    HeapStorage wide = HeapStorage.allocate(bits.length);
    widen(HeapStorage.array(wide));
    return new Tensor(shape, wide);
  }

  private void widen(float[] out) {
    if (format == Format.FLOAT16) {
      for (int i = 0; i < out.length; i++) {
        out[i] = Float.float16ToFloat(bits[i]);
      }
    } else {
      for (int i = 0; i < out.length; i++) {
        out[i] = Float.intBitsToFloat(bits[i] << 16);
      }
    }
  }
}
