package engine.op.conv;

import engine.autodiff.Op;
import engine.autodiff.Saved;
import engine.kernel.Binary;
import engine.kernel.BroadcastArgs;
import engine.kernel.Conv3dArgs;
import engine.kernel.Kernels;
import engine.kernel.Padding3;
import engine.kernel.Stride3;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Storage;
import engine.tensor.Tensor;
import java.util.List;

/**
 * Transposed 3-D convolution (PyTorch: conv_transpose3d): what {@link Conv3d} does to a gradient,
 * done to values. x [N,Ci,T,H,W], weight [Ci,Co/groups,kT,kH,kW], bias [Co] or none ->
 * [N,Co,T',H',W']:
 *
 * <pre>y[n,co,t',h',w'] = bias[co] + sum over ci,kt,kh,kw of weight[ci,co,kt,kh,kw] * x[n,ci,t,h,w]
 *     where t' = t*stride.t + kt - front, h' = h*stride.h + kh - top, w' = w*stride.w + kw - left
 * </pre>
 *
 * T' = (T - 1) * stride.t - front - back + kT + outputPadding.t; likewise H' and W'. The padding is
 * cut off the result, as it was put around the input of the convolution that this one undoes.
 *
 * <p>Its kernels are those of the convolution with the roles of x and y exchanged: the order of
 * sums is that of gradInput, of forward for the gradient of x and of gradWeight (N3); the bias is
 * added last.
 *
 * @param outputPadding below the stride on each axis
 */
public record ConvTranspose3d(
    Stride3 stride, Padding3 padding, OutputPadding3 outputPadding, int groups) implements Op {
  @Override
  public String name() {
    return "convTranspose3d";
  }

  @Override
  public Shape infer(List<Shape> in) {
    Shape x = in.get(0);
    Shape weight = in.get(1);
    require(x.rank() == 5, in, "x wants 5 axes [N,Ci,T,H,W]");
    require(weight.rank() == 5, in, "weight wants 5 axes [Ci,Co/groups,kT,kH,kW]");
    require(
        groups >= 1 && x.dim(1) % groups == 0,
        in,
        "groups=%d must divide %d input channels",
        groups,
        x.dim(1));
    require(
        weight.dim(0) == x.dim(1),
        in,
        "weight wants %d input channels, x has %d",
        weight.dim(0),
        x.dim(1));
    require(weight.size() > 0, in, "weight is empty");
    int out = weight.dim(1) * groups;
    require(in.size() == 2 || in.get(2).equals(Shape.of(out)), in, "bias wants [%d]", out);
    return Shape.of(
        x.dim(0),
        out,
        extent(in, 2, stride.t(), padding.front() + padding.back(), outputPadding.t()),
        extent(in, 3, stride.h(), padding.top() + padding.bottom(), outputPadding.h()),
        extent(in, 4, stride.w(), padding.left() + padding.right(), outputPadding.w()));
  }

  private int extent(List<Shape> in, int axis, int step, int cut, int added) {
    int extent = in.get(0).dim(axis);
    require(extent > 0, in, "axis %d of x is empty", axis);
    require(added < step, in, "axis %d: output padding %d wants a stride above it", axis, added);
    int result = (extent - 1) * step - cut + in.get(1).dim(axis) + added;
    require(result > 0, in, "padding of %d leaves nothing of axis %d", cut, axis);
    return result;
  }

  private void require(boolean condition, List<Shape> in, String text, Object... arguments) {
    if (!condition) {
      throw new ShapeException(
          "[convTranspose3d] %s: x=%s weight=%s%s groups=%d"
              .formatted(
                  text.formatted(arguments),
                  in.get(0),
                  in.get(1),
                  in.size() > 2 ? " bias=" + in.get(2) : "",
                  groups));
    }
  }

  /** The convolution that leads from y back to x. */
  private Conv3dArgs args(Shape y, Shape x, Shape weight) {
    return new Conv3dArgs(
        y.dim(0),
        y.dim(1),
        y.dim(2),
        y.dim(3),
        y.dim(4),
        x.dim(1),
        weight.dim(2),
        weight.dim(3),
        weight.dim(4),
        stride,
        padding,
        groups);
  }

  @Override
  public Tensor forward(Kernels k, List<Tensor> in, Saved saved) {
    Tensor x = in.get(0);
    Tensor weight = in.get(1);
    Shape shape = infer(in.stream().map(Tensor::shape).toList());
    Tensor y = new Tensor(shape, k.allocate(shape.size()));
    Conv3dArgs args = args(shape, x.shape(), weight.shape());
    k.conv3d().gradInput(args, x.storage(), weight.storage(), y.storage());
    return in.size() > 2 ? shifted(k, y, in.get(2).storage()) : y;
  }

  /** y + bias; y is given back. */
  private static Tensor shifted(Kernels k, Tensor y, Storage bias) {
    Shape perChannel = Shape.of(y.dim(1), 1, 1, 1);
    Tensor sum = new Tensor(y.shape(), k.allocate(y.size()));
    if (y.size() > 0) {
      BroadcastArgs args = BroadcastArgs.of(y.shape(), perChannel, y.shape());
      k.elementwise().binary(Binary.ADD, args, y.storage(), bias, sum.storage());
    }
    y.storage().release();
    return sum;
  }

  @Override
  public boolean readsInput(int i, Saved saved) {
    return i < 2 && saved.needs(1 - i);
  }

  @Override
  public List<Tensor> backward(Kernels k, Saved saved, Tensor g) {
    Conv3dArgs args = args(g.shape(), saved.input(0).shape(), saved.input(1).shape());
    return ConvGradients.of(
        k,
        saved,
        g,
        (x, weight, gradX) -> k.conv3d().forward(args, g.storage(), weight.storage(), null, gradX),
        (x, weight, gradW) -> k.conv3d().gradWeight(args, g.storage(), x.storage(), gradW));
  }
}
