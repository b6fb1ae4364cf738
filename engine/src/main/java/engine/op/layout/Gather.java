package engine.op.layout;

import engine.autodiff.Op;
import engine.autodiff.Saved;
import engine.kernel.GatherArgs;
import engine.kernel.Kernels;
import engine.kernel.ResampleArgs;
import engine.kernel.ResampleTable;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * y = the rows {@code index} of one axis, repeats allowed (PyTorch: index_select). In the gradient
 * each row of x sums its uses in ascending output order through an inverse index (numeric contract
 * N8); a permutation needs no sums and gathers by its inverse.
 */
public record Gather(int axis, int[] index) implements Op {
  @Override
  public String name() {
    return "gather";
  }

  @Override
  public Shape infer(List<Shape> in) {
    Shape x = in.get(0);
    ShapeException.require(axis >= 0 && axis < x.rank(), "gather", "axis %d of x=%s", axis, x);
    int extent = x.dim(axis);
    for (int j = 0; j < index.length; j++) {
      ShapeException.require(
          index[j] >= 0 && index[j] < extent,
          "gather",
          "index[%d] = %d is outside axis %d of x=%s",
          j,
          index[j],
          axis,
          x);
    }
    return x.with(axis, index.length);
  }

  @Override
  public Tensor forward(Kernels k, List<Tensor> in, Saved saved) {
    return gather(k, in.get(0), index);
  }

  @Override
  public boolean readsInput(int i, Saved saved) {
    return false;
  }

  @Override
  public List<Tensor> backward(Kernels k, Saved saved, Tensor g) {
    int extent = saved.input(0).dim(axis);
    int[] inverse = inverse(extent);
    if (inverse != null) {
      return List.of(gather(k, g, inverse));
    }
    return List.of(sumUses(k, g, saved.input(0).shape()));
  }

  private Tensor sumUses(Kernels k, Tensor g, Shape x) {
    Tensor gradInput = new Tensor(x, k.allocate(x.size()));
    if (x.size() > 0) {
      ResampleTable uses = ResampleTable.ofIndex(x.dim(axis), index).transposed();
      ResampleArgs args = new ResampleArgs(x.size(0, axis), x.size(axis + 1, x.rank()), uses);
      k.resample().apply(args, g.storage(), gradInput.storage());
    }
    return gradInput;
  }

  private Tensor gather(Kernels k, Tensor x, int[] rows) {
    Shape shape = x.shape().with(axis, rows.length);
    Tensor y = new Tensor(shape, k.allocate(shape.size()));
    if (shape.size() > 0) {
      int outer = shape.size(0, axis);
      int inner = shape.size(axis + 1, shape.rank());
      k.copies().gather(new GatherArgs(outer, x.dim(axis), inner, rows), x.storage(), y.storage());
    }
    return y;
  }

  /** The inverse if the index is a permutation of [0, extent), else null. */
  private int @Nullable [] inverse(int extent) {
    if (index.length != extent) {
      return null;
    }
    int[] inverse = new int[extent];
    Arrays.fill(inverse, -1);
    for (int j = 0; j < extent; j++) {
      if (inverse[index[j]] >= 0) {
        return null;
      }
      inverse[index[j]] = j;
    }
    return inverse;
  }
}
