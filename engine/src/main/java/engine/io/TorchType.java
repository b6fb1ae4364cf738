package engine.io;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An element type as PyTorch names it, by a class of storage or as {@code torch.NAME}.
 *
 * @param name PyTorch's
 * @param dtype what it is here; {@link Dtype#OTHER} where it cannot be read
 * @param bytes of one element
 */
record TorchType(String name, Dtype dtype, int bytes) {
  /** Bytes that only a tensor says the type of. */
  static final TorchType UNTYPED = new TorchType("untyped", Dtype.U8, 1);

  private static final Map<String, TorchType> STORAGES = storages();
  private static final Map<String, TorchType> TYPES = types();

  /** The type of a class of storage, such as torch.FloatStorage; null for any other name. */
  static @Nullable TorchType ofStorage(Pickled.Name name) {
    if (name.name().equals("UntypedStorage") && name.module().startsWith("torch")) {
      return UNTYPED;
    }
    boolean torch = name.module().equals("torch") || name.module().equals("torch.cuda");
    return torch ? STORAGES.get(name.name()) : null;
  }

  /** The type of a torch.dtype, such as torch.float16; null for any other name. */
  static @Nullable TorchType ofDtype(Pickled.Name name) {
    return name.module().equals("torch") ? TYPES.get(name.name()) : null;
  }

  private static Map<String, TorchType> storages() {
    Map<String, TorchType> all = new HashMap<>();
    add(all, "DoubleStorage", Dtype.F64);
    add(all, "FloatStorage", Dtype.F32);
    add(all, "HalfStorage", Dtype.F16);
    add(all, "BFloat16Storage", Dtype.BF16);
    add(all, "LongStorage", Dtype.I64);
    add(all, "IntStorage", Dtype.I32);
    add(all, "ShortStorage", Dtype.I16);
    add(all, "CharStorage", Dtype.I8);
    add(all, "ByteStorage", Dtype.U8);
    add(all, "BoolStorage", Dtype.BOOL);
    add(all, "ComplexFloatStorage", Dtype.C64);
    other(all, 16, "ComplexDoubleStorage");
    other(all, 1, "QInt8Storage", "QUInt8Storage", "QUInt4x2Storage", "QUInt2x4Storage");
    other(all, 4, "QInt32Storage");
    return all;
  }

  private static Map<String, TorchType> types() {
    Map<String, TorchType> all = new HashMap<>();
    add(all, "float64", Dtype.F64);
    add(all, "float32", Dtype.F32);
    add(all, "float16", Dtype.F16);
    add(all, "bfloat16", Dtype.BF16);
    add(all, "float8_e4m3fn", Dtype.F8_E4M3);
    add(all, "float8_e5m2", Dtype.F8_E5M2);
    add(all, "float8_e4m3fnuz", Dtype.F8_E4M3FNUZ);
    add(all, "float8_e5m2fnuz", Dtype.F8_E5M2FNUZ);
    add(all, "float8_e8m0fnu", Dtype.F8_E8M0);
    add(all, "int64", Dtype.I64);
    add(all, "int32", Dtype.I32);
    add(all, "int16", Dtype.I16);
    add(all, "int8", Dtype.I8);
    add(all, "uint64", Dtype.U64);
    add(all, "uint32", Dtype.U32);
    add(all, "uint16", Dtype.U16);
    add(all, "uint8", Dtype.U8);
    add(all, "bool", Dtype.BOOL);
    add(all, "complex64", Dtype.C64);
    other(all, 16, "complex128");
    other(all, 4, "complex32", "qint32");
    other(all, 1, "qint8", "quint8", "quint4x2", "quint2x4", "float4_e2m1fn_x2");
    for (int bits = 1; bits <= 7; bits++) {
      other(all, 1, "uint" + bits, "int" + bits);
    }
    other(all, 1, "bits1x8", "bits2x4", "bits4x2", "bits8");
    other(all, 2, "bits16");
    return all;
  }

  private static void add(Map<String, TorchType> all, String name, Dtype dtype) {
    all.put(name, new TorchType(name, dtype, dtype.bytes()));
  }

  private static void other(Map<String, TorchType> all, int bytes, String... names) {
    for (String name : names) {
      all.put(name, new TorchType(name, Dtype.OTHER, bytes));
    }
  }
}
