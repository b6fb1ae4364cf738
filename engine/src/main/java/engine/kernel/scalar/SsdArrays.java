package engine.kernel.scalar;

import static engine.kernel.scalar.HeapArrays.orNull;

import engine.kernel.SsdArgs;

/** The arrays behind a scan's inputs or gradients; null where absent. */
record SsdArrays(
    float[] x, float[] dt, float[] a, float[] b, float[] c, float[] d, float[] initial) {
  static SsdArrays of(SsdArgs.Inputs in) {
    return new SsdArrays(
        orNull(in.x()),
        orNull(in.dt()),
        orNull(in.a()),
        orNull(in.b()),
        orNull(in.c()),
        orNull(in.d()),
        orNull(in.initial()));
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
