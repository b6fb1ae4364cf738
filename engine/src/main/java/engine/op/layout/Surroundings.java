package engine.op.layout;

import engine.kernel.CopyArgs;
import engine.kernel.Kernels;
import engine.tensor.Storage;

/** Zeros around what is written anyway, so that no element is written twice. */
final class Surroundings {
  private Surroundings() {}

  /** In rows of a width, zeros in the columns [0, from) and [to, width). */
  static void zero(Kernels k, Storage target, int rows, int width, int from, int to) {
    if (rows == 0 || (from == 0 && to == width)) {
      return;
    }
    Storage zero = k.allocate(1);
    k.copies().fill(zero, 0f, 1);
    columns(k, zero, target, rows, width, 0, from);
    columns(k, zero, target, rows, width, to, width);
    zero.release();
  }

  private static void columns(
      Kernels k, Storage zero, Storage target, int rows, int width, int from, int to) {
    if (from < to) {
      int[] extents = {rows, to - from};
      k.copies()
          .strided(
              new CopyArgs(extents, 0, new int[] {0, 0}, from, new int[] {width, 1}), zero, target);
    }
  }
}
