package engine.op.layout;

import engine.autodiff.Tape;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/** Moving elements without changing them, for static import. */
public final class Layout {
  private Layout() {}

  /** x in another shape of equal size; one extent may be -1 and is then inferred. */
  public static Tensor reshape(Tensor x, int... dims) {
    int[] full = dims.clone();
    for (int i = 0; i < full.length; i++) {
      if (full[i] == -1) {
        int rest = 1;
        for (int j = 0; j < full.length; j++) {
          rest *= j == i ? 1 : full[j];
        }
        full[i] = rest == 0 ? 0 : x.size() / rest;
      }
    }
    return Tape.apply(new Reshape(Shape.of(full)), x);
  }

  /**
   * The axes of x in another order: x [B,C,T] with order 0, 2, 1 gives [B,T,C].
   *
   * @param order a permutation of 0 .. rank - 1; axis i of the result is axis order[i] of x
   */
  public static Tensor permute(Tensor x, int... order) {
    return Tape.apply(new Permute(Arrays.stream(order).boxed().toList()), x);
  }

  /**
   * Indices [from, to) of an axis of x, of any shape: the axis gets the extent {@code to - from}.
   * Negative axes count from the end.
   */
  public static Tensor slice(Tensor x, int axis, int from, int to) {
    return Tape.apply(new Slice(x.shape().axis(axis), from, to), x);
  }

  /**
   * Tensors one behind the other along an axis: [B,T1,D] and [B,T2,D] along axis 1 give
   * [B,T1+T2,D].
   *
   * @param parts at least one, of equal extents but along the axis
   */
  public static Tensor concat(int axis, Tensor... parts) {
    return Tape.apply(new Concat(parts[0].shape().axis(axis)), parts);
  }

  /** {@link #concat(int, Tensor...)}: [B,T1,D] and [B,T2,D] along axis 1 give [B,T1+T2,D]. */
  public static Tensor concat(int axis, List<Tensor> parts) {
    return concat(axis, parts.toArray(Tensor[]::new));
  }

  /**
   * Splits an axis of x, of any shape, into parts of the given extents, which add up to its own
   * (PyTorch: split with sections).
   */
  public static Tensor[] split(Tensor x, int axis, int... extents) {
    Tensor[] parts = new Tensor[extents.length];
    int at = 0;
    for (int i = 0; i < extents.length; i++) {
      parts[i] = slice(x, axis, at, at + extents[i]);
      at += extents[i];
    }
    ShapeException.require(
        at == x.dim(axis),
        "split",
        "extents %s do not add up to axis %d of x=%s",
        Arrays.toString(extents),
        axis,
        x.shape());
    return parts;
  }

  /**
   * Zeros before and after the elements of an axis of x, of any shape, whose extent grows by {@code
   * before + after}.
   */
  public static Tensor pad(Tensor x, int axis, int before, int after) {
    return Tape.apply(new Pad(x.shape().axis(axis), before, after), x);
  }

  /**
   * The first and last row of an axis of x, of any shape, repeated outwards (PyTorch: replicate
   * padding); its extent grows by {@code before + after}.
   */
  public static Tensor replicate(Tensor x, int axis, int before, int after) {
    int extent = x.dim(axis);
    ShapeException.require(
        before >= 0 && after >= 0 && extent > 0,
        "replicate",
        "%d before and %d after on axis %d of x=%s",
        before,
        after,
        axis,
        x.shape());
    int[] index = new int[before + extent + after];
    for (int i = 0; i < index.length; i++) {
      index[i] = Math.max(0, Math.min(extent - 1, i - before));
    }
    return gather(x, axis, index);
  }

  /**
   * The rows {@code index} of an axis of x, of any shape, repeats allowed (PyTorch: index_select);
   * its extent becomes the number of indices.
   */
  public static Tensor gather(Tensor x, int axis, int... index) {
    return Tape.apply(new Gather(x.shape().axis(axis), index.clone()), x);
  }

  /** An axis of extent 1 repeated to n: [B,1,D] along axis 1 gives [B,n,D]. */
  public static Tensor expand(Tensor x, int axis, int n) {
    return Tape.apply(new Expand(x.shape().axis(axis), n), x);
  }

  /** An axis in reverse order; x of any shape, the result of the same shape. */
  public static Tensor flip(Tensor x, int axis) {
    int extent = x.dim(axis);
    int[] index = new int[extent];
    for (int i = 0; i < extent; i++) {
      index[i] = extent - 1 - i;
    }
    return gather(x, axis, index);
  }
}
