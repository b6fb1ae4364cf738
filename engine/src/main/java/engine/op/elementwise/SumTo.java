package engine.op.elementwise;

import engine.kernel.Kernels;
import engine.kernel.ReduceArgs;
import engine.tensor.Shape;
import engine.tensor.Tensor;

/**
 * The gradient of broadcasting: sums over the axes along which a tensor was repeated. Runs of
 * neighbouring repeated axes are one reduction each, the last run first.
 */
final class SumTo {
  private SumTo() {}

  static Tensor shape(Kernels k, Tensor g, Shape target) {
    Tensor current = g;
    int rank = g.shape().rank();
    int shift = rank - target.rank();
    int end = rank;
    while (end > 0) {
      if (!repeated(g.shape(), target, shift, end - 1)) {
        end--;
        continue;
      }
      int start = end - 1;
      while (start > 0 && repeated(g.shape(), target, shift, start - 1)) {
        start--;
      }
      current = sum(k, current, start, end);
      end = start;
    }
    return current.shape().equals(target) ? current : current.view(target);
  }

  private static boolean repeated(Shape from, Shape target, int shift, int axis) {
    return axis < shift || (target.dim(axis - shift) == 1 && from.dim(axis) != 1);
  }

  /** Sums over [start, end), leaving extents of 1 so that later axes keep their place. */
  private static Tensor sum(Kernels k, Tensor x, int start, int end) {
    Shape s = x.shape();
    ReduceArgs args = new ReduceArgs(s.size(0, start), s.size(start, end), s.size(end, s.rank()));
    Shape shape = s;
    for (int axis = start; axis < end; axis++) {
      shape = shape.with(axis, 1);
    }
    Tensor y = new Tensor(shape, k.allocate(shape.size()));
    k.reduce().sum(args, x.storage(), y.storage());
    return y;
  }
}
