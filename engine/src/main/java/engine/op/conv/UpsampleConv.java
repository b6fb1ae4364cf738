package engine.op.conv;

import engine.autodiff.Op;
import engine.autodiff.Saved;
import engine.kernel.Kernels;
import engine.kernel.UpsampleConvArgs;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Storage;
import engine.tensor.Tensor;
import java.util.List;

/**
 * Height and width doubled by nearest neighbours, then a 3x3 convolution with one zero around
 * (PyTorch: conv2d(interpolate(x, scale_factor=2), weight, bias, padding=1), frame by frame). x
 * [N,Ci,T,H,W], weight [Co,Ci,3,3], bias [Co] or none -> [N,Co,T,2H,2W]:
 *
 * <pre>y[n,co,t,i,j] = bias[co] + sum over ci,kh,kw of weight[co,ci,kh,kw] *
 *     x[n,ci,t, floor((i + kh - 1) / 2), floor((j + kw - 1) / 2)]
 * </pre>
 *
 * with zeros outside of x. Computed in sub-pixel form, which needs 2.25 times fewer multiply-adds
 * and no doubled tensor (N11; see {@code ScalarUpsampleConv} for the order of its sums).
 */
public record UpsampleConv() implements Op {
  @Override
  public String name() {
    return "upsampleConv";
  }

  @Override
  public Shape infer(List<Shape> in) {
    Shape x = in.get(0);
    Shape weight = in.get(1);
    require(x.rank() == 5 && x.size(1, 5) > 0, in, "x wants [N,Ci,T,H,W], nothing empty but N");
    require(
        weight.rank() == 4
            && weight.dim(0) > 0
            && weight.dim(1) == x.dim(1)
            && weight.dim(2) == 3
            && weight.dim(3) == 3,
        in,
        "weight wants [Co,%d,3,3]",
        x.dim(1));
    require(
        in.size() == 2 || in.get(2).equals(Shape.of(weight.dim(0))),
        in,
        "bias wants [%d]",
        weight.dim(0));
    return Shape.of(x.dim(0), weight.dim(0), x.dim(2), 2 * x.dim(3), 2 * x.dim(4));
  }

  private void require(boolean condition, List<Shape> in, String text, Object... arguments) {
    if (!condition) {
      throw new ShapeException(
          "[upsampleConv] %s: x=%s weight=%s%s"
              .formatted(
                  text.formatted(arguments),
                  in.get(0),
                  in.get(1),
                  in.size() > 2 ? " bias=" + in.get(2) : ""));
    }
  }

  private static UpsampleConvArgs args(Shape x, Shape weight) {
    return new UpsampleConvArgs(x.dim(0), x.dim(1), x.dim(2), x.dim(3), x.dim(4), weight.dim(0));
  }

  @Override
  public Tensor forward(Kernels k, List<Tensor> in, Saved saved) {
    Tensor x = in.get(0);
    Tensor weight = in.get(1);
    Shape shape = infer(in.stream().map(Tensor::shape).toList());
    Tensor y = new Tensor(shape, k.allocate(shape.size()));
    Storage bias = in.size() > 2 ? in.get(2).storage() : null;
    UpsampleConvArgs args = args(x.shape(), weight.shape());
    k.upsampleConv().forward(args, x.storage(), weight.storage(), bias, y.storage());
    return y;
  }

  @Override
  public boolean readsInput(int i, Saved saved) {
    return i < 2 && saved.needs(1 - i);
  }

  @Override
  public List<Tensor> backward(Kernels k, Saved saved, Tensor g) {
    UpsampleConvArgs args = args(saved.input(0).shape(), saved.input(1).shape());
    return ConvGradients.of(
        k,
        saved,
        g,
        (x, weight, gradX) ->
            k.upsampleConv().gradInput(args, g.storage(), weight.storage(), gradX),
        (x, weight, gradW) -> k.upsampleConv().gradWeight(args, x.storage(), g.storage(), gradW));
  }
}
