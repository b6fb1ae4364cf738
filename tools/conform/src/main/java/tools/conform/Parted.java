package tools.conform;

import engine.op.layout.Layout;
import engine.tensor.Shape;
import engine.tensor.Tensor;

/** A result of which a file holds every so many rows and columns, counted from the first. */
final class Parted {
  private Parted() {}

  /**
   * The part that a file holds of a result, along its last two axes. The steps are the documented
   * ones where the held extent fits them, else the smallest that give it.
   */
  static Tensor like(FixtureFile file, String name, Tensor whole, int rows, int columns) {
    int rank = whole.shape().rank();
    Shape held = file.shape(name, rank);
    Tensor part = every(name, whole, rank - 2, held, rows);
    return every(name, part, rank - 1, held, columns);
  }

  private static Tensor every(String name, Tensor x, int axis, Shape held, int documented) {
    int extent = x.dim(axis);
    int wanted = held.dim(axis);
    if (extent == wanted) {
      return x;
    }
    UnfitException.unless(
        wanted > 0 && wanted < extent, "%s is %s, of a whole %s", name, held, x.shape());
    int step = count(extent, documented) == wanted ? documented : (extent + wanted - 1) / wanted;
    UnfitException.unless(
        count(extent, step) == wanted, "%s is %s, no part of %s", name, held, x.shape());
    int[] index = new int[wanted];
    for (int i = 0; i < wanted; i++) {
      index[i] = i * step;
    }
    return Layout.gather(x, axis, index);
  }

  private static int count(int extent, int step) {
    return (extent + step - 1) / step;
  }
}
