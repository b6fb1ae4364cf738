package engine.io;

/**
 * Element types of files: all that the safetensors format has (as of its release 0.7), and one name
 * for those that PyTorch has beside them. Every type has a size, so that a file with any of them
 * opens; one that is neither floating nor an integer cannot be read, and blocks its own tensor
 * alone.
 */
public enum Dtype {
  F64(64, Kind.FLOATING),
  F32(32, Kind.FLOATING),
  F16(16, Kind.FLOATING),
  BF16(16, Kind.FLOATING),
  /** 4 exponent bits, 3 fraction bits, bias 7, no infinity; 0x7F and 0xFF are NaN. */
  F8_E4M3(8, Kind.FLOATING),
  /** The upper byte of an F16. */
  F8_E5M2(8, Kind.FLOATING),
  /** 4 exponent bits, 3 fraction bits, bias 8, no infinity, no negative zero; 0x80 is NaN. */
  F8_E4M3FNUZ(8, Kind.FLOATING),
  /** 5 exponent bits, 2 fraction bits, bias 16, no infinity, no negative zero; 0x80 is NaN. */
  F8_E5M2FNUZ(8, Kind.FLOATING),
  /** 8 exponent bits and nothing else, bias 127: powers of two; 0xFF is NaN. */
  F8_E8M0(8, Kind.FLOATING),
  /** 2 exponent bits, 3 fraction bits; not read. */
  F6_E2M3(6, Kind.OTHER),
  /** 3 exponent bits, 2 fraction bits; not read. */
  F6_E3M2(6, Kind.OTHER),
  /** 2 exponent bits, 1 fraction bit, two to a byte; not read. */
  F4(4, Kind.OTHER),
  /** Two F32, real and imaginary; not read. */
  C64(64, Kind.OTHER),
  I64(64, Kind.INTEGER),
  I32(32, Kind.INTEGER),
  I16(16, Kind.INTEGER),
  I8(8, Kind.INTEGER),
  U64(64, Kind.INTEGER),
  U32(32, Kind.INTEGER),
  U16(16, Kind.INTEGER),
  U8(8, Kind.INTEGER),
  BOOL(8, Kind.INTEGER),
  /** A type of PyTorch that safetensors lacks, such as complex128 or quint8; not read. */
  OTHER(8, Kind.OTHER);

  private enum Kind {
    FLOATING,
    INTEGER,
    OTHER
  }

  private final int bits;
  private final Kind kind;

  Dtype(int bits, Kind kind) {
    this.bits = bits;
    this.kind = kind;
  }

  /** Bits of one element. */
  public int bits() {
    return bits;
  }

  /** Whole bytes of one element; 0 of the types that are less than one. */
  public int bytes() {
    return bits / Byte.SIZE;
  }

  /** True for the types that {@link TensorSource#floats} reads. */
  public boolean isFloating() {
    return kind == Kind.FLOATING;
  }

  /** True for the types that {@link TensorSource#longs} reads; BOOL counts as 0 or 1. */
  public boolean isInteger() {
    return kind == Kind.INTEGER;
  }
}
