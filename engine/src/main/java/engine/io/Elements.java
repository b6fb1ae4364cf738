package engine.io;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The elements of a tensor in the bytes of a file, little-endian, one after the other. An index
 * counts elements; all of them lie within the bytes.
 */
record Elements(Dtype dtype, MemorySegment bytes) {
  static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** The most elements that an array holds on every Java machine. */
  static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

  /** An element of a floating type, widened; F64 is rounded to nearest. */
  float floating(long index) {
    return switch (dtype) {
      case F32 -> bytes.get(FLOAT, 4 * index);
      case F64 -> (float) bytes.get(DOUBLE, 8 * index);
      case F16 -> SmallFloats.fromF16(bytes.get(SHORT, 2 * index));
      case BF16 -> SmallFloats.fromBf16(bytes.get(SHORT, 2 * index));
      case F8_E4M3 -> SmallFloats.fromF8E4M3(byteAt(index));
      case F8_E5M2 -> SmallFloats.fromF8E5M2(byteAt(index));
      case F8_E4M3FNUZ -> SmallFloats.fromF8E4M3Fnuz(byteAt(index));
      case F8_E5M2FNUZ -> SmallFloats.fromF8E5M2Fnuz(byteAt(index));
      case F8_E8M0 -> SmallFloats.fromF8E8M0(byteAt(index));
      default -> throw new AssertionError(dtype);
    };
  }

  private byte byteAt(long index) {
    return bytes.get(ValueLayout.JAVA_BYTE, index);
  }

  /** Some elements in their order. */
  float[] floats(long from, int count) {
    float[] out = new float[count];
    if (dtype == Dtype.F32) {
      MemorySegment.copy(bytes, FLOAT, 4 * from, out, 0, count);
      return out;
    }
    for (int i = 0; i < count; i++) {
      out[i] = floating(from + i);
    }
    return out;
  }

  /** Some elements of a floating type, exactly. */
  double[] doubles(long from, int count) {
    double[] out = new double[count];
    if (dtype == Dtype.F64) {
      MemorySegment.copy(bytes, DOUBLE, 8 * from, out, 0, count);
      return out;
    }
    for (int i = 0; i < count; i++) {
      out[i] = floating(from + i);
    }
    return out;
  }

  /** The bits of some elements of 16 bits. */
  short[] shorts(long from, int count) {
    short[] out = new short[count];
    MemorySegment.copy(bytes, SHORT, 2 * from, out, 0, count);
    return out;
  }

  /** An element of an integer type; of U64 the same bits. */
  long integer(long index) {
    return switch (dtype) {
      case I64, U64 -> bytes.get(LONG, 8 * index);
      case I32 -> bytes.get(INT, 4 * index);
      case U32 -> Integer.toUnsignedLong(bytes.get(INT, 4 * index));
      case I16 -> bytes.get(SHORT, 2 * index);
      case U16 -> Short.toUnsignedLong(bytes.get(SHORT, 2 * index));
      case I8 -> byteAt(index);
      case U8, BOOL -> Byte.toUnsignedLong(byteAt(index));
      default -> throw new AssertionError(dtype);
    };
  }

  /** Whether a value that {@link #integer} gave is one that a long, or a boolean, can be. */
  boolean fits(long value) {
    return switch (dtype) {
      case BOOL -> value <= 1;
      case U64 -> value >= 0;
      default -> true;
    };
  }

  /**
   * Of a value that does not fit: a boolean other than 0 and 1 is damage, a U64 beyond 2^63-1 is
   * whole and only not read here.
   *
   * @param place the file and the tensor
   */
  FormatException misfit(String place, long value) {
    return dtype == Dtype.U64
        ? FormatException.unsupported(
            "%s is %s, U64 beyond 2^63-1, which is not read"
                .formatted(place, Long.toUnsignedString(value)))
        : new FormatException(
            "%s is %s, which %s may not hold here"
                .formatted(place, Long.toUnsignedString(value), dtype));
  }
}
