package engine.op.conv;

import engine.autodiff.Op;
import engine.autodiff.Saved;
import engine.kernel.Conv3dArgs;
import engine.kernel.Kernels;
import engine.kernel.Padding3;
import engine.kernel.Stride3;
import engine.kernel.WinogradArgs;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Storage;
import engine.tensor.Tensor;
import java.util.List;

/**
 * {@link Conv3d} of stride 1 with a kernel [kT,3,3], its values and the gradient of its input by
 * Winograd's F(4x4,3x3): four times fewer multiply-adds (N11; see {@code ScalarWinogradConv3d} for
 * the order of its sums). x [N,Ci,T,H,W], weight [Co,Ci,kT,3,3], bias [Co] or none ->
 * [N,Co,T',H',W']. The gradient of the weight is that of {@link Conv3d}.
 *
 * @param padding at most kT - 1 in front, 2 above and 2 to the left
 * @param relu whether ReLU comes last, in the same pass
 */
public record WinogradConv3d(Padding3 padding, boolean relu) implements Op {
  private static final int CHANNELS = 64;
  private static final int POSITIONS = 1024;

  /** The same for kernels over time, whose transformed weights serve several frames. */
  private static final int MANY_CHANNELS = 256;

  private static final int FEW_POSITIONS = 256;

  /** Without ReLU. */
  public WinogradConv3d(Padding3 padding) {
    this(padding, false);
  }

  /**
   * Whether {@link Conv#conv3d} takes this form: with fewer channels the transforms cost what they
   * save, with fewer positions the transform of the weights does. Shapes of one sample and frame
   * alone decide, never the batch, so that a sample has the same bits in any company.
   */
  static boolean pays(Shape x, Shape weight, Stride3 stride, Padding3 padding, int groups) {
    return x.rank() == 5
        && weight.rank() == 5
        && weight.dim(3) == 3
        && weight.dim(4) == 3
        && stride.equals(Stride3.ONE)
        && groups == 1
        && isLarge(
            Math.min(weight.dim(0), weight.dim(1)), (long) x.dim(3) * x.dim(4), weight.dim(2))
        && fits(weight, padding);
  }

  private static boolean isLarge(int channels, long positions, int taps) {
    return (channels >= CHANNELS && positions >= POSITIONS)
        || (channels >= MANY_CHANNELS && positions >= FEW_POSITIONS && taps >= 3);
  }

  private static boolean fits(Shape weight, Padding3 padding) {
    return padding.front() < weight.dim(2) && padding.top() <= 2 && padding.left() <= 2;
  }

  @Override
  public String name() {
    return "winogradConv3d";
  }

  @Override
  public Shape infer(List<Shape> in) {
    Shape result = new Conv3d(Stride3.ONE, padding, 1).infer(in);
    Shape weight = in.get(1);
    ShapeException.require(
        weight.dim(3) == 3 && weight.dim(4) == 3 && fits(weight, padding),
        name(),
        "wants a kernel [kT,3,3] and a padding below kT, 3 and 3: weight=%s %s",
        weight,
        padding);
    return result;
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
        Stride3.ONE,
        padding,
        1);
  }

  @Override
  public Tensor forward(Kernels k, List<Tensor> in, Saved saved) {
    Tensor x = in.get(0);
    Tensor weight = in.get(1);
    Shape shape = infer(in.stream().map(Tensor::shape).toList());
    Tensor y = new Tensor(shape, k.allocate(shape.size()));
    Storage bias = in.size() > 2 ? in.get(2).storage() : null;
    WinogradArgs args = WinogradArgs.forward(args(x.shape(), weight.shape()));
    k.winogradConv3d().forward(args, x.storage(), weight.storage(), bias, relu, y.storage());
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
        (x, weight, gradX) ->
            k.winogradConv3d()
                .forward(
                    WinogradArgs.gradInput(args),
                    g.storage(),
                    weight.storage(),
                    null,
                    false,
                    gradX),
        (x, weight, gradW) -> k.conv3d().gradWeight(args, x.storage(), g.storage(), gradW));
  }
}
