package medsora.metric.network;

import static engine.op.layout.Layout.reshape;
import static engine.op.reduce.Reduce.mean;

import engine.kernel.Stride3;
import engine.kernel.Window3;
import engine.op.resample.Resample;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import nn.Module;
import nn.layer.Conv3d;
import nn.layer.Kernel3;

/**
 * I3D (Carreira and Zisserman 2017): Inception-v1 inflated to clips, for the 400 classes of
 * Kinetics, under the names of piergiaj's port. Evaluation only.
 */
public final class I3d extends Module {
  /** Added to variances in TensorFlow's graph and in most ports. */
  public static final double EPS = 1e-3;

  /** The same in the copies of VideoGPT, TATS and CD-FVD, whose weights were trained with 1e-3. */
  public static final double COPIES_EPS = 1e-5;

  /** Kinetics' classes. */
  public static final int CLASSES = 400;

  private static final int WIDTH = 1024;

  /** Sides of the pooled volume: two steps of time and 7x7 places, 1/32 of the input's. */
  private static final int POOL_T = 2;

  private static final int POOL_SIDE = 7;

  private final Stages stages = new Stages();
  private final Conv3d logits;

  /**
   * @param eps added to variances, {@link #EPS} or {@link #COPIES_EPS}
   */
  public I3d(double eps) {
    // First, as in the published state dict.
    this.logits = child("logits.conv3d", Conv3d.standard(WIDTH, CLASSES, Kernel3.of(1)));
    unit("Conv3d_1a_7x7", new I3dUnit(3, 64, 7, 2, eps));
    pool("MaxPool3d_2a_3x3", new Window3(1, 3, 3), new Stride3(1, 2, 2));
    unit("Conv3d_2b_1x1", new I3dUnit(64, 64, 1, 1, eps));
    unit("Conv3d_2c_3x3", new I3dUnit(64, 192, 3, 1, eps));
    pool("MaxPool3d_3a_3x3", new Window3(1, 3, 3), new Stride3(1, 2, 2));
    int in = 192;
    in = mixed("3b", in, new I3dMixed.Widths(64, 96, 128, 16, 32, 32), eps);
    in = mixed("3c", in, new I3dMixed.Widths(128, 128, 192, 32, 96, 64), eps);
    pool("MaxPool3d_4a_3x3", new Window3(3, 3, 3), new Stride3(2, 2, 2));
    in = mixed("4b", in, new I3dMixed.Widths(192, 96, 208, 16, 48, 64), eps);
    in = mixed("4c", in, new I3dMixed.Widths(160, 112, 224, 24, 64, 64), eps);
    in = mixed("4d", in, new I3dMixed.Widths(128, 128, 256, 24, 64, 64), eps);
    in = mixed("4e", in, new I3dMixed.Widths(112, 144, 288, 32, 64, 64), eps);
    in = mixed("4f", in, new I3dMixed.Widths(256, 160, 320, 32, 128, 128), eps);
    pool("MaxPool3d_5a_2x2", new Window3(2, 2, 2), new Stride3(2, 2, 2));
    in = mixed("5b", in, new I3dMixed.Widths(256, 160, 320, 32, 128, 128), eps);
    mixed("5c", in, new I3dMixed.Widths(384, 192, 384, 48, 128, 128), eps);
  }

  private void unit(String name, I3dUnit unit) {
    child(name, unit);
    stages.add(name, unit::forward);
  }

  private int mixed(String part, int in, I3dMixed.Widths widths, double eps) {
    String name = "Mixed_" + part;
    I3dMixed mixed = child(name, new I3dMixed(in, widths, eps));
    stages.add(name, mixed::forward);
    return widths.out();
  }

  private void pool(String name, Window3 kernel, Stride3 stride) {
    stages.add(name, x -> maxPool(x, kernel, stride));
  }

  /** With TensorFlow's padding, which is never the largest. */
  static Tensor maxPool(Tensor x, Window3 kernel, Stride3 stride) {
    return Resample.maxPool3d(x, kernel, stride, SamePadding.of(x.shape(), kernel, stride));
  }

  /**
   * All but the last layers; any size.
   *
   * @param clips [n, 3, t, h, w] in -1..1
   * @param observer sees the published end points
   * @return [n, 1024, t / 8, h / 32, w / 32], each rounded up
   */
  public Tensor trunk(Tensor clips, Observer observer) {
    ShapeException.require(
        clips.shape().rank() == 5 && clips.dim(1) == 3 && clips.size() > 0,
        "i3d",
        "wants clips [n,3,t,h,w], got %s",
        clips.shape());
    return stages.run(clips, observer);
  }

  /**
   * Means of two steps of time and all places, [n, 1024, steps].
   *
   * @param trunk of clips of at least 9 frames and a side of 193 to 224: [n, 1024, 2 or more, 7, 7]
   */
  public Tensor pooled(Tensor trunk) {
    ShapeException.require(
        trunk.dim(2) >= POOL_T && trunk.dim(3) == POOL_SIDE && trunk.dim(4) == POOL_SIDE,
        "i3d",
        "wants at least 9 frames of 224x224; the last layer before the pool gave %s",
        trunk.shape());
    return mean(Resample.averagePool(trunk, 2, POOL_T, 1), 3, 5);
  }

  /** The logits of each step, [n, 400, steps], of what {@link #pooled} gave. */
  public Tensor steps(Tensor pooled) {
    Tensor volume = reshape(pooled, pooled.dim(0), WIDTH, pooled.dim(2), 1, 1);
    return reshape(logits.forward(volume), pooled.dim(0), CLASSES, pooled.dim(2));
  }

  /**
   * Folds norms into convolutions and orders weights for products once and for all, where else each
   * pass does it anew: faster, for two more copies of the weights. Later changes of the weights are
   * not seen.
   */
  public void fix() {
    FoldedUnit.fix(this);
  }

  /**
   * The logits, mean over the steps: the features of FVD.
   *
   * @param clips [n, 3, t, 224, 224] in -1..1, t at least 9
   * @return [n, 400]
   */
  public Tensor forward(Tensor clips) {
    return mean(steps(pooled(trunk(clips, Observer.NONE))), 2, 3);
  }
}
