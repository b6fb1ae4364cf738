package medsora.metric.network;

import static engine.op.layout.Layout.reshape;

import engine.autodiff.Tape;
import engine.kernel.Padding3;
import engine.kernel.Stride3;
import engine.kernel.Window3;
import engine.op.elementwise.Elementwise;
import engine.op.resample.Resample;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import nn.Module;
import nn.init.Init;
import nn.layer.Conv3d;
import nn.layer.Kernel3;
import nn.layer.Linear;

/**
 * C3D (Tran et al. 2015) with the 101 classes of UCF-101, as Saito et al. score clips with it.
 * Evaluation only: dropout is off.
 */
public final class C3d extends Module {
  /** UCF-101's classes. */
  public static final int CLASSES = 101;

  /** Frames of a clip. */
  public static final int FRAMES = 16;

  /** Side of the frames. */
  public static final int SIDE = 112;

  /** Length of the last layer before the classes. */
  public static final int WIDTH = 4096;

  private static final int FLAT = 8192;

  private final Stages stages = new Stages();
  private final Linear classes;

  public C3d() {
    convolution("conv1a", 3, 64);
    pool("pool1", new Window3(1, 2, 2));
    convolution("conv2a", 64, 128);
    pool("pool2", new Window3(2, 2, 2));
    convolution("conv3a", 128, 256);
    convolution("conv3b", 256, 256);
    pool("pool3", new Window3(2, 2, 2));
    convolution("conv4a", 256, 512);
    convolution("conv4b", 512, 512);
    pool("pool4", new Window3(2, 2, 2));
    convolution("conv5a", 512, 512);
    convolution("conv5b", 512, 512);
    pool("pool5", new Window3(2, 2, 2));
    linear("fc6", FLAT);
    linear("fc7", WIDTH);
    this.classes = child("fc8", new Linear(WIDTH, CLASSES, true, Init.fanInUniform()));
  }

  private void convolution(String name, int in, int out) {
    Conv3d conv = child(name, Conv3d.standard(in, out, Kernel3.same(3)));
    stages.add(name, x -> Tape.consume(conv.forward(x), Elementwise::relu));
  }

  /** Windows side by side, of which a last one may stand out over the rim. */
  private void pool(String name, Window3 kernel) {
    Stride3 stride = new Stride3(kernel.t(), kernel.h(), kernel.w());
    stages.add(
        name,
        x -> {
          int t = over(x.dim(2), kernel.t());
          int h = over(x.dim(3), kernel.h());
          int w = over(x.dim(4), kernel.w());
          return Resample.maxPool3d(x, kernel, stride, new Padding3(0, t, 0, h, 0, w));
        });
  }

  private static int over(int extent, int side) {
    return Math.floorMod(-extent, side);
  }

  private void linear(String name, int in) {
    Linear linear = child(name, new Linear(in, WIDTH, true, Init.fanInUniform()));
    stages.add(
        name, x -> Tape.consume(linear.forward(reshape(x, x.dim(0), in)), Elementwise::relu));
  }

  /**
   * The last layer before the classes (fc7).
   *
   * @param clips [n, 3, 16, 112, 112], blue, green and red less the mean
   * @param observer sees each layer
   * @return [n, 4096]
   */
  public Tensor forward(Tensor clips, Observer observer) {
    Shape s = clips.shape();
    ShapeException.require(
        s.rank() == 5 && s.equals(Shape.of(s.dim(0), 3, FRAMES, SIDE, SIDE)),
        "c3d",
        "wants clips [n,3,16,112,112], got %s",
        s);
    return stages.run(clips, observer);
  }

  /** The outputs before the softmax, [n, 101], of what {@link #forward} gave. */
  public Tensor logits(Tensor features) {
    return classes.forward(features);
  }
}
