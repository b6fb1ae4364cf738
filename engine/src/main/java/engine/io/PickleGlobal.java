package engine.io;

import java.util.HashMap;
import java.util.Map;

/**
 * The allow-list: every name that a pickle may mention, and what it means. Nothing is looked up or
 * called; a name that is not here ends the reading.
 *
 * @param meaning what a call of it gives
 * @param dtype of a storage class, else null
 */
record PickleGlobal(String module, String name, Meaning meaning, Dtype dtype) {
  /** What a name stands for. */
  enum Meaning {
    ORDERED_DICT,
    SEQUENCE,
    SIZE,
    STORAGE,
    TENSOR,
    TENSOR_V2,
    PARAMETER,
    /** A word without contents that matter: settings, scalars of other libraries. */
    INERT
  }

  private static final Map<String, PickleGlobal> ALLOWED = allowed();

  /** The entry of a name, or null. */
  static PickleGlobal of(String module, String name) {
    return ALLOWED.get(module + " " + name);
  }

  @Override
  public String toString() {
    return module + "." + name;
  }

  private static Map<String, PickleGlobal> allowed() {
    Map<String, PickleGlobal> all = new HashMap<>();
    add(all, "collections", "OrderedDict", Meaning.ORDERED_DICT);
    add(all, "torch", "Size", Meaning.SIZE);
    add(all, "torch._utils", "_rebuild_tensor", Meaning.TENSOR);
    add(all, "torch._utils", "_rebuild_tensor_v2", Meaning.TENSOR_V2);
    add(all, "torch._utils", "_rebuild_parameter", Meaning.PARAMETER);
    for (String builtins : new String[] {"builtins", "__builtin__"}) {
      add(all, builtins, "set", Meaning.SEQUENCE);
      add(all, builtins, "frozenset", Meaning.SEQUENCE);
      add(all, builtins, "list", Meaning.SEQUENCE);
      add(all, builtins, "object", Meaning.INERT);
    }
    add(all, "argparse", "Namespace", Meaning.INERT);
    add(all, "copy_reg", "_reconstructor", Meaning.INERT);
    add(all, "copyreg", "_reconstructor", Meaning.INERT);
    add(all, "numpy", "dtype", Meaning.INERT);
    add(all, "numpy.core.multiarray", "scalar", Meaning.INERT);
    add(all, "numpy._core.multiarray", "scalar", Meaning.INERT);
    add(all, "_codecs", "encode", Meaning.INERT);
    add(all, "torch", "device", Meaning.INERT);
    for (String type : new String[] {"float32", "float16", "bfloat16", "float64", "int64"}) {
      add(all, "torch", type, Meaning.INERT);
    }
    storages(all);
    return all;
  }

  private static void storages(Map<String, PickleGlobal> all) {
    storage(all, "FloatStorage", Dtype.F32);
    storage(all, "DoubleStorage", Dtype.F64);
    storage(all, "HalfStorage", Dtype.F16);
    storage(all, "BFloat16Storage", Dtype.BF16);
    storage(all, "LongStorage", Dtype.I64);
    storage(all, "IntStorage", Dtype.I32);
    storage(all, "ShortStorage", Dtype.I16);
    storage(all, "CharStorage", Dtype.I8);
    storage(all, "ByteStorage", Dtype.U8);
    storage(all, "BoolStorage", Dtype.BOOL);
  }

  private static void storage(Map<String, PickleGlobal> all, String name, Dtype dtype) {
    all.put("torch " + name, new PickleGlobal("torch", name, Meaning.STORAGE, dtype));
    all.put("torch.cuda " + name, new PickleGlobal("torch.cuda", name, Meaning.STORAGE, dtype));
  }

  private static void add(
      Map<String, PickleGlobal> all, String module, String name, Meaning meaning) {
    all.put(module + " " + name, new PickleGlobal(module, name, meaning, null));
  }
}
