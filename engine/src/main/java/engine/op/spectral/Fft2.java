package engine.op.spectral;

import engine.autodiff.Op;
import engine.autodiff.Saved;
import engine.kernel.FftArgs;
import engine.kernel.Kernels;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * The full complex spectrum of each real plane: x [..., H, W] to [..., H, W, 2] (real, imaginary),
 * any H and W. Orthonormal: divided by sqrt(H W). The gradient is the real part of the adjoint
 * transform. PyTorch: view_as_real(fft.fft2(x, norm="ortho")).
 */
public record Fft2(boolean orthonormal) implements Op {
  @Override
  public String name() {
    return "fft2";
  }

  @Override
  public Shape infer(List<Shape> in) {
    Shape x = in.get(0);
    ShapeException.require(
        x.rank() >= 2 && x.dim(-1) > 0 && x.dim(-2) > 0,
        "fft2",
        "wants planes [..., H, W] that are not empty: x=%s",
        x);
    int[] dims = Arrays.copyOf(x.dims(), x.rank() + 1);
    dims[x.rank()] = 2;
    return Shape.of(dims);
  }

  @Override
  public Tensor forward(Kernels k, List<Tensor> in, Saved saved) {
    Shape x = in.get(0).shape();
    Shape shape = infer(List.of(x));
    Tensor y = new Tensor(shape, k.allocate(shape.size()));
    k.fft2().forward(args(x), in.get(0).storage(), y.storage());
    return y;
  }

  @Override
  public boolean readsInput(int i, Saved saved) {
    return false;
  }

  @Override
  public List<Tensor> backward(Kernels k, Saved saved, Tensor g) {
    Shape x = saved.input(0).shape();
    Tensor gradInput = new Tensor(x, k.allocate(x.size()));
    k.fft2().gradient(args(x), g.storage(), gradInput.storage());
    return List.of(gradInput);
  }

  private FftArgs args(Shape x) {
    return new FftArgs(x.size(0, x.rank() - 2), x.dim(-2), x.dim(-1), orthonormal);
  }
}
