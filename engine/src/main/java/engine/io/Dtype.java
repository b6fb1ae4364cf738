package engine.io;

/** Element types of the safetensors format that this reader understands. */
public enum Dtype {
  F64(8, Kind.FLOATING),
  F32(4, Kind.FLOATING),
  F16(2, Kind.FLOATING),
  BF16(2, Kind.FLOATING),
  /** 4 exponent bits, 3 fraction bits, bias 7, no infinity; 0x7F and 0xFF are NaN. */
  F8_E4M3(1, Kind.FLOATING),
  /** The upper byte of an F16. */
  F8_E5M2(1, Kind.FLOATING),
  I64(8, Kind.INTEGER),
  I32(4, Kind.INTEGER),
  I16(2, Kind.INTEGER),
  I8(1, Kind.INTEGER),
  U64(8, Kind.INTEGER),
  U32(4, Kind.INTEGER),
  U16(2, Kind.INTEGER),
  U8(1, Kind.INTEGER),
  BOOL(1, Kind.INTEGER);

  private enum Kind {
    FLOATING,
    INTEGER
  }

  private final int bytes;
  private final Kind kind;

  Dtype(int bytes, Kind kind) {
    this.bytes = bytes;
    this.kind = kind;
  }

  /** Bytes of one element. */
  public int bytes() {
    return bytes;
  }

  /** True for the types that {@link SafeTensors#floats} reads. */
  public boolean isFloating() {
    return kind == Kind.FLOATING;
  }

  /** True for the types that {@link SafeTensors#longs} reads; BOOL counts as 0 or 1. */
  public boolean isInteger() {
    return kind == Kind.INTEGER;
  }
}
