package medsora.baseline.downstream;

import static engine.op.elementwise.Elementwise.relu;
import static engine.op.layout.Layout.permute;
import static engine.op.layout.Layout.reshape;

import engine.autodiff.Tape;
import engine.kernel.Padding3;
import engine.kernel.Stride3;
import engine.kernel.Window3;
import engine.op.reduce.Reduce;
import engine.op.resample.Resample;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import nn.Mode;
import nn.Module;
import nn.init.Init;
import nn.layer.Conv2d;
import nn.layer.GroupNorm;
import nn.layer.Kernel2;
import nn.layer.Linear;

/**
 * A classifier for processors, which learns from nothing in seconds: four convolutions that halve
 * the frames, the mean over each frame's places, the largest over the frames, and a linear layer.
 * What is searched for may be in one frame alone, so no mean over frames.
 */
public final class SmallNetwork extends Module implements ClipNetwork {
  private static final int FRAMES = 8;
  private static final int SIDE = 64;
  private static final int[] WIDTHS = {3, 16, 32, 48, 64};
  private static final int GROUPS = 8;
  private static final double EPS = 1e-5;

  private final List<Conv2d> convolutions = new ArrayList<>();
  private final List<GroupNorm> norms = new ArrayList<>();
  private final Linear head;

  public SmallNetwork() {
    Kernel2 halving = Kernel2.of(3).stride(2).padding(1);
    for (int i = 1; i < WIDTHS.length; i++) {
      convolutions.add(child("conv" + i, Conv2d.standard(WIDTHS[i - 1], WIDTHS[i], halving)));
      norms.add(child("norm" + i, new GroupNorm(GROUPS, WIDTHS[i], EPS)));
    }
    int width = WIDTHS[WIDTHS.length - 1];
    this.head = child("head", new Linear(width, Examples.CLASSES, true, Init.normal(0.01)));
  }

  @Override
  public Module module() {
    return this;
  }

  @Override
  public int frames() {
    return FRAMES;
  }

  @Override
  public int side() {
    return SIDE;
  }

  @Override
  public Tensor forward(Tensor clips, Mode mode) {
    Shape s = clips.shape();
    ShapeException.require(
        s.rank() == 5 && s.dim(1) == WIDTHS[0] && s.dim(2) > 0,
        "smallNetwork",
        "wants clips [N,3,frames,H,W], got %s",
        s);
    int rows = s.dim(0) * s.dim(2);
    Tensor x = reshape(permute(clips, 0, 2, 1, 3, 4), rows, s.dim(1), s.dim(3), s.dim(4));
    for (int i = 0; i < convolutions.size(); i++) {
      Tensor in = x;
      int layer = i;
      x = Tape.scoped(() -> relu(norms.get(layer).forward(convolutions.get(layer).forward(in))));
    }
    Tensor frames = reshape(Reduce.mean(x, 2, 4), s.dim(0), s.dim(2), x.dim(1));
    Tensor columns = reshape(permute(frames, 0, 2, 1), s.dim(0) * x.dim(1), 1, 1, s.dim(2));
    Tensor largest =
        Resample.maxPool3d(
            columns,
            new Window3(1, 1, s.dim(2)),
            new Stride3(1, 1, s.dim(2)),
            new Padding3(0, 0, 0, 0, 0, 0));
    return head.forward(reshape(largest, s.dim(0), x.dim(1)));
  }
}
