package medsora.baseline.downstream;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.elementwise.Elementwise.relu;
import static engine.op.elementwise.Elementwise.scale;
import static engine.op.elementwise.Elementwise.sub;
import static engine.op.layout.Layout.concat;
import static engine.op.layout.Layout.permute;
import static engine.op.layout.Layout.reshape;
import static engine.op.layout.Layout.slice;

import engine.op.reduce.Reduce;
import engine.op.resample.Resample;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import nn.Mode;
import nn.Module;
import nn.init.Init;
import nn.layer.Conv2d;
import nn.layer.Kernel2;
import nn.layer.Linear;

/**
 * A classifier for processors, which learns from forty clips in seconds. A lesion is a spot of
 * another colour than what lies about it, and forty clips are too few to find out what a colour is.
 * So the frames come in as three opponent colours less their mean over the surroundings, by which
 * the tint and the light of a clip are gone; two convolutions follow. Of every channel the largest
 * place of each frame is taken, for a spot is small: a mean over places drowns it. Over the frames
 * the mean is taken, for a lesion is seen in many of them and a reflection in one.
 */
public final class SmallNetwork extends Module implements ClipNetwork {
  private static final int FRAMES = 8;
  private static final int SIDE = 64;
  private static final int COLOURS = 3;
  private static final int WIDTH = 16;

  /** Side of the surroundings of a place, of frames that are halved to 32x32. */
  private static final int SURROUNDINGS = 13;

  /** Brings differences of colour, of some grey levels, to about 1. */
  private static final float GAIN = 5;

  private final Conv2d first;
  private final Conv2d second;
  private final Linear head;

  public SmallNetwork() {
    Kernel2 three = Kernel2.of(3).padding(1);
    this.first = child("conv1", Conv2d.standard(COLOURS, WIDTH, three));
    this.second = child("conv2", Conv2d.standard(WIDTH, WIDTH, three.stride(2)));
    this.head = child("head", new Linear(WIDTH, Examples.CLASSES, true, Init.normal(0.1)));
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
        s.rank() == 5 && s.dim(1) == COLOURS && s.dim(2) > 0,
        "smallNetwork",
        "wants clips [N,3,frames,H,W], got %s",
        s);
    int rows = s.dim(0) * s.dim(2);
    Tensor frames = reshape(permute(clips, 0, 2, 1, 3, 4), rows, s.dim(1), s.dim(3), s.dim(4));
    Tensor colours = contrast(Resample.avgPool2d(frames, 2, 2));
    Tensor x = relu(second.forward(relu(first.forward(colours))));
    return head.forward(largest(x, s.dim(0)));
  }

  /**
   * Opponent colours less those of the surroundings: red less green, yellow less blue, and
   * lightness. [rows,3,H,W] -> [rows,3,H,W].
   */
  static Tensor contrast(Tensor rgb) {
    Tensor red = slice(rgb, 1, 0, 1);
    Tensor green = slice(rgb, 1, 1, 2);
    Tensor blue = slice(rgb, 1, 2, 3);
    Tensor yellow = scale(add(red, green), 0.5f);
    Tensor light = scale(add(add(red, green), blue), 1f / COLOURS);
    Tensor colours = concat(1, sub(red, green), sub(yellow, blue), light);
    Tensor about = Resample.averageAround(colours, 3, SURROUNDINGS);
    return scale(sub(colours, Resample.averageAround(about, 2, SURROUNDINGS)), GAIN);
  }

  /** The largest place of each frame, the mean over the frames: [N T,C,H,W] -> [N,C]. */
  private static Tensor largest(Tensor x, int clips) {
    Tensor each = Resample.maxPool2d(x, x.dim(2), 1);
    return reshape(
        Reduce.mean(reshape(each, clips, x.dim(0) / clips, x.dim(1)), 1, 2), clips, x.dim(1));
  }
}
