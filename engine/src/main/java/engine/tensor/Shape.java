package engine.tensor;

import java.util.Arrays;

/**
 * The extents of a tensor, outermost first; row-major. Rank 0 is a scalar with one element; an
 * extent may be 0, which makes an empty tensor. Immutable.
 */
public final class Shape {
  public static final Shape SCALAR = new Shape(new int[0]);

  private final int[] dims;
  private final int size;

  private Shape(int[] dims) {
    long product = 1;
    for (int d : dims) {
      if (d < 0) {
        throw new ShapeException("[shape] negative extent in " + Arrays.toString(dims));
      }
      product = Math.multiplyExact(product, (long) d);
    }
    if (product > Integer.MAX_VALUE - 8) {
      throw new ShapeException(
          "[shape] " + Arrays.toString(dims) + " has " + product + " elements; at most 2^31-9");
    }
    this.dims = dims;
    this.size = (int) product;
  }

  public static Shape of(int... dims) {
    return dims.length == 0 ? SCALAR : new Shape(dims.clone());
  }

  public int rank() {
    return dims.length;
  }

  /** Number of elements: the product of the extents. */
  public int size() {
    return size;
  }

  /** Extent of one axis; negative axes count from the end, as in PyTorch. */
  public int dim(int axis) {
    return dims[axis(axis)];
  }

  /** The axis as a non-negative index. */
  public int axis(int axis) {
    int normal = axis < 0 ? axis + dims.length : axis;
    if (normal < 0 || normal >= dims.length) {
      throw new ShapeException("[shape] axis " + axis + " is outside " + this);
    }
    return normal;
  }

  public int[] dims() {
    return dims.clone();
  }

  /** This shape with one extent replaced. */
  public Shape with(int axis, int extent) {
    int[] copy = dims.clone();
    copy[axis(axis)] = extent;
    return new Shape(copy);
  }

  /** The product of the extents in [from, to). */
  public int size(int from, int to) {
    int product = 1;
    for (int i = from; i < to; i++) {
      product *= dims[i];
    }
    return product;
  }

  /** Row-major strides in elements. */
  public int[] strides() {
    int[] strides = new int[dims.length];
    int stride = 1;
    for (int i = dims.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= dims[i];
    }
    return strides;
  }

  /** The broadcast of two shapes by NumPy's rule: trailing axes aligned, extents equal or 1. */
  public static Shape broadcast(String op, Shape a, Shape b) {
    int rank = Math.max(a.rank(), b.rank());
    int[] out = new int[rank];
    for (int i = 1; i <= rank; i++) {
      int da = i <= a.rank() ? a.dims[a.rank() - i] : 1;
      int db = i <= b.rank() ? b.dims[b.rank() - i] : 1;
      ShapeException.require(
          da == db || da == 1 || db == 1, op, "shapes do not broadcast: a=%s b=%s", a, b);
      out[rank - i] = da == 1 ? db : da;
    }
    return of(out);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape s && Arrays.equals(dims, s.dims);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(dims);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("[");
    for (int i = 0; i < dims.length; i++) {
      text.append(i == 0 ? "" : ",").append(dims[i]);
    }
    return text.append(']').toString();
  }
}
