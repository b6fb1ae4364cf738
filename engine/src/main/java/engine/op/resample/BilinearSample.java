package engine.op.resample;

import engine.autodiff.Op;
import engine.autodiff.Saved;
import engine.kernel.BilinearSampleArgs;
import engine.kernel.Kernels;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * Pictures x [N, C, H, W] read at places [N, P, 2], each (column, row) in pixels, between pixels
 * linearly and 0 outside: y [N, C, P], see {@link BilinearSampleArgs}. PyTorch: grid_sample with
 * align_corners and zero padding, whose places are scaled to -1..1 first. On the grid of pixels,
 * where the slope jumps, the gradient of a place is the slope to the right and downwards.
 */
public record BilinearSample() implements Op {
  @Override
  public String name() {
    return "bilinearSample";
  }

  @Override
  public Shape infer(List<Shape> in) {
    Shape x = in.get(0);
    Shape places = in.get(1);
    ShapeException.require(
        x.rank() == 4
            && places.rank() == 3
            && places.dim(2) == 2
            && places.dim(0) == x.dim(0)
            && x.dim(1) > 0,
        name(),
        "wants x [N,C,H,W] and places [N,P,2]: x=%s places=%s",
        x,
        places);
    return Shape.of(x.dim(0), x.dim(1), places.dim(1));
  }

  private static BilinearSampleArgs args(Tensor x, Tensor places) {
    return new BilinearSampleArgs(x.dim(0), x.dim(1), x.dim(2), x.dim(3), places.dim(1));
  }

  @Override
  public Tensor forward(Kernels k, List<Tensor> in, Saved saved) {
    Tensor x = in.get(0);
    Tensor places = in.get(1);
    Shape shape = infer(List.of(x.shape(), places.shape()));
    Tensor y = new Tensor(shape, k.allocate(shape.size()));
    k.bilinearSample().forward(args(x, places), x.storage(), places.storage(), y.storage());
    return y;
  }

  @Override
  public boolean readsInput(int i, Saved saved) {
    return i == 1 || saved.needs(1);
  }

  @Override
  public List<Tensor> backward(Kernels k, Saved saved, Tensor g) {
    Tensor x = saved.input(0);
    Tensor places = saved.input(1);
    BilinearSampleArgs args = args(x, places);
    Tensor gradInput = null;
    Tensor gradPlaces = null;
    if (saved.needs(0)) {
      gradInput = new Tensor(x.shape(), k.allocate(x.size()));
      k.bilinearSample().gradInput(args, places.storage(), g.storage(), gradInput.storage());
    }
    if (saved.needs(1)) {
      gradPlaces = new Tensor(places.shape(), k.allocate(places.size()));
      k.bilinearSample()
          .gradPlaces(args, x.storage(), places.storage(), g.storage(), gradPlaces.storage());
    }
    return Arrays.asList(gradInput, gradPlaces);
  }
}
