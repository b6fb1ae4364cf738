package engine.op.conv;

import engine.autodiff.Op;
import engine.autodiff.Saved;
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
 * 3-D convolution (in truth correlation, as everywhere in this field; PyTorch: conv3d). x
 * [N,Ci,T,H,W], weight [Co,Ci/groups,kT,kH,kW], bias [Co] or none -> [N,Co,T',H',W']:
 *
 * <pre>y[n,co,t,h,w] = bias[co] + sum over ci,kt,kh,kw of weight[co,ci,kt,kh,kw] *
 *     x[n, group(co) + ci, t*stride.t + kt - front, h*stride.h + kh - top, w*stride.w + kw - left]
 * </pre>
 *
 * with zeros outside of x. T' = (T + front + back - kT) / stride.t + 1, rounded down; likewise H'
 * and W'. The bias's gradient is the sum over (t',h',w') by N5, then a chain over n.
 *
 * @param relu whether ReLU comes last, in the same pass (PyTorch: conv3d, then relu)
 */
public record Conv3d(Stride3 stride, Padding3 padding, int groups, boolean relu) implements Op {
  /** Without ReLU. */
  public Conv3d(Stride3 stride, Padding3 padding, int groups) {
    this(stride, padding, groups, false);
  }

  @Override
  public String name() {
    return "conv3d";
  }

  @Override
  public Shape infer(List<Shape> in) {
    Shape x = in.get(0);
    Shape weight = in.get(1);
    require(x.rank() == 5, in, "x wants 5 axes [N,Ci,T,H,W]");
    require(weight.rank() == 5, in, "weight wants 5 axes [Co,Ci/groups,kT,kH,kW]");
    require(
        groups >= 1 && x.dim(1) % groups == 0 && weight.dim(0) % groups == 0,
        in,
        "groups=%d must divide %d input and %d output channels",
        groups,
        x.dim(1),
        weight.dim(0));
    require(
        weight.dim(1) * groups == x.dim(1),
        in,
        "weight wants %d input channels, x has %d",
        weight.dim(1) * groups,
        x.dim(1));
    require(weight.size() > 0, in, "weight is empty");
    require(
        in.size() == 2 || in.get(2).equals(Shape.of(weight.dim(0))),
        in,
        "bias wants [%d]",
        weight.dim(0));
    return Shape.of(
        x.dim(0),
        weight.dim(0),
        windows(in, 2, padding.front(), padding.back(), stride.t()),
        windows(in, 3, padding.top(), padding.bottom(), stride.h()),
        windows(in, 4, padding.left(), padding.right(), stride.w()));
  }

  private int windows(List<Shape> in, int axis, int before, int after, int step) {
    int extent = in.get(0).dim(axis);
    int taps = in.get(1).dim(axis);
    require(extent > 0, in, "axis %d of x is empty", axis);
    require(
        extent + before + after >= taps,
        in,
        "kernel of %d is larger than axis %d of x: %d + %d + %d padding",
        taps,
        axis,
        extent,
        before,
        after);
    return (extent + before + after - taps) / step + 1;
  }

  private void require(boolean condition, List<Shape> in, String text, Object... arguments) {
    if (!condition) {
      throw new ShapeException(
          "[conv3d] %s: x=%s weight=%s%s groups=%d"
              .formatted(
                  text.formatted(arguments),
                  in.get(0),
                  in.get(1),
                  in.size() > 2 ? " bias=" + in.get(2) : "",
                  groups));
    }
  }

  private Conv3dArgs args(Shape x, Shape weight) {
    return new Conv3dArgs(
        x.dim(0),
        x.dim(1),
        x.dim(2),
        x.dim(3),
        x.dim(4),
        weight.dim(0),
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
    Storage bias = in.size() > 2 ? in.get(2).storage() : null;
    k.conv3d()
        .forward(
            args(x.shape(), weight.shape()),
            x.storage(),
            weight.storage(),
            bias,
            relu,
            y.storage());
    return y;
  }

  @Override
  public boolean readsInput(int i, Saved saved) {
    return i < 2 && saved.needs(1 - i);
  }

  @Override
  public boolean readsOutput() {
    return relu;
  }

  @Override
  public List<Tensor> backward(Kernels k, Saved saved, Tensor gradOutput) {
    return relu
        ? ConvGradients.throughRelu(k, saved, gradOutput, g -> gradients(k, saved, g))
        : gradients(k, saved, gradOutput);
  }

  private List<Tensor> gradients(Kernels k, Saved saved, Tensor g) {
    Conv3dArgs args = args(saved.input(0).shape(), saved.input(1).shape());
    return ConvGradients.of(
        k,
        saved,
        g,
        (x, weight, gradX) -> k.conv3d().gradInput(args, g.storage(), weight.storage(), gradX),
        (x, weight, gradW) -> k.conv3d().gradWeight(args, x.storage(), g.storage(), gradW));
  }
}
