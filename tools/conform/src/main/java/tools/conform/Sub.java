package tools.conform;

import engine.op.layout.Layout;
import engine.tensor.Shape;
import engine.tensor.Tensor;

/** Tensors of which files hold every so many elements. */
final class Sub {
  private Sub() {}

  /** Every {@code step}-th of an axis. */
  static Tensor every(Tensor x, int axis, int step) {
    return every(x, axis, 0, step);
  }

  /** The same from {@code from} on. */
  static Tensor every(Tensor x, int axis, int from, int step) {
    UnfitException.unless(
        from < x.dim(axis), "axis %d of %s has nothing from %d on", axis, x.shape(), from);
    int[] index = new int[(x.dim(axis) - from + step - 1) / step];
    for (int i = 0; i < index.length; i++) {
      index[i] = from + i * step;
    }
    return Layout.gather(x, axis, index);
  }

  /** Every (extent / parts)-th, at least every one. */
  static Tensor parts(Tensor x, int axis, int parts) {
    return every(x, axis, Math.max(1, x.dim(axis) / parts));
  }

  /** Every so many of each axis that as many are left as a file holds. */
  static Tensor like(Shape held, Tensor x) {
    UnfitException.unless(
        held.rank() == x.shape().rank(), "the file holds %s, ours is %s", held, x.shape());
    Tensor part = x;
    for (int axis = 0; axis < held.rank(); axis++) {
      int wanted = held.dim(axis);
      UnfitException.unless(
          wanted > 0 && x.dim(axis) % wanted == 0, "%s is no part of %s", held, x.shape());
      if (wanted < x.dim(axis)) {
        part = every(part, axis, x.dim(axis) / wanted);
      }
    }
    return part;
  }

  /** The first sample alone. */
  static Tensor first(Tensor x) {
    return Layout.slice(x, 0, 0, 1);
  }
}
