package engine.kernel.scalar;

import static engine.kernel.scalar.HeapArrays.orNull;
import static engine.kernel.scalar.HeapArrays.readOnlyOrNull;

import engine.kernel.SsdArgs;

/** The arrays behind a scan's inputs or gradients; null where absent. */
record SsdArrays(
    float[] x, float[] dt, float[] a, float[] b, float[] c, float[] d, float[] initial) {
  static SsdArrays of(SsdArgs.Inputs in) {
    return new SsdArrays(
        readOnlyOrNull(in.x()),
        readOnlyOrNull(in.dt()),
        readOnlyOrNull(in.a()),
        readOnlyOrNull(in.b()),
        readOnlyOrNull(in.c()),
        readOnlyOrNull(in.d()),
        readOnlyOrNull(in.initial()));
  }

  static SsdArrays of(SsdArgs.Gradients out) {
    return new SsdArrays(
        orNull(out.x()),
        orNull(out.dt()),
        orNull(out.a()),
        orNull(out.b()),
        orNull(out.c()),
        orNull(out.d()),
        orNull(out.initial()));
  }
}
