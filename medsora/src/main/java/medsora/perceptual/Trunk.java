package medsora.perceptual;

import static engine.op.elementwise.Elementwise.relu;
import static engine.op.layout.Layout.concat;

import engine.op.resample.Resample;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import nn.Module;
import nn.layer.Conv2d;
import nn.layer.Kernel2;

/** A classifier without its head, under the names of torchvision's {@code features}. */
public final class Trunk extends Module {
  private static final int POOL_STRIDE = 2;

  /** Steps up to the next tap. */
  private final List<List<UnaryOperator<Tensor>>> slices = new ArrayList<>();

  public Trunk(TrunkKind kind) {
    List<UnaryOperator<Tensor>> slice = new ArrayList<>();
    for (TrunkKind.Layer layer : kind.layers()) {
      switch (layer) {
        case TrunkKind.Layer.Convolution c -> slice.add(convolution(c));
        case TrunkKind.Layer.Fire f -> slice.add(fire(f));
        case TrunkKind.Layer.Pool p -> {
          int kernel = p.kernel();
          slice.add(
              p.ceil()
                  ? x -> Resample.maxPool2dCeil(x, kernel, POOL_STRIDE)
                  : x -> Resample.maxPool2d(x, kernel, POOL_STRIDE));
        }
        case TrunkKind.Layer.Tap tap -> {
          slices.add(List.copyOf(slice));
          slice.clear();
        }
      }
    }
  }

  private UnaryOperator<Tensor> convolution(TrunkKind.Layer.Convolution c) {
    Conv2d conv =
        child(
            Integer.toString(c.index()),
            Conv2d.standard(
                c.in(), c.out(), Kernel2.of(c.kernel()).stride(c.stride()).padding(c.padding())));
    return x -> relu(conv.forward(x));
  }

  private UnaryOperator<Tensor> fire(TrunkKind.Layer.Fire f) {
    String name = f.index() + ".";
    Conv2d squeeze = child(name + "squeeze", same(f.in(), f.squeezed(), 1));
    Conv2d one = child(name + "expand1x1", same(f.squeezed(), f.expanded(), 1));
    Conv2d three = child(name + "expand3x3", same(f.squeezed(), f.expanded(), 3));
    return x -> {
      Tensor s = relu(squeeze.forward(x));
      return concat(1, relu(one.forward(s)), relu(three.forward(s)));
    };
  }

  private static Conv2d same(int in, int out, int kernel) {
    return Conv2d.standard(in, out, Kernel2.same(kernel));
  }

  /** The features that are compared, from fine to coarse, of pictures [N, 3, H, W]. */
  List<Tensor> features(Tensor pictures) {
    List<Tensor> out = new ArrayList<>();
    Tensor x = pictures;
    for (List<UnaryOperator<Tensor>> slice : slices) {
      for (UnaryOperator<Tensor> step : slice) {
        x = step.apply(x);
      }
      out.add(x);
    }
    return out;
  }
}
