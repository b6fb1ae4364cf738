package medsora.perceptual;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.elementwise.Elementwise.affine;
import static engine.op.elementwise.Elementwise.neg;
import static engine.op.elementwise.Elementwise.relu;
import static engine.op.elementwise.Elementwise.scale;
import static engine.op.elementwise.Elementwise.sub;
import static engine.op.reduce.Reduce.mean;

import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import nn.Mode;
import nn.Module;
import nn.init.Init;
import nn.init.Initializer;
import nn.layer.BatchNorm;
import nn.layer.Conv2d;
import nn.layer.Kernel2;
import org.jspecify.annotations.Nullable;

/**
 * VQ-GAN's discriminator (the PatchGAN of Isola et al. 2017 with three layers): says of overlapping
 * patches of 70x70 pixels whether they are real.
 */
public final class PatchDiscriminator extends Module {
  private static final int CHANNELS = 64;
  private static final Kernel2 KERNEL = Kernel2.of(4).padding(1);
  private static final float SLOPE = 0.2f;
  private static final Initializer WEIGHT = Init.normal(0.02);

  private record Layer(Conv2d convolution, @Nullable BatchNorm norm) {}

  private final List<Layer> layers = new ArrayList<>();
  private final Conv2d last;

  public PatchDiscriminator() {
    layers.add(new Layer(child("main.0", conv(3, CHANNELS, 2)), null));
    int at = 2;
    int in = CHANNELS;
    for (int stride : new int[] {2, 2, 1}) {
      Conv2d convolution = child("main." + at, conv(in, 2 * in, stride));
      layers.add(new Layer(convolution, child("main." + (at + 1), new BatchNorm(2 * in))));
      in = 2 * in;
      at += 3;
    }
    this.last = child("main." + at, conv(in, 1, 1));
  }

  private static Conv2d conv(int in, int out, int stride) {
    return new Conv2d(in, out, KERNEL.stride(stride), 1, WEIGHT, Init.zeros());
  }

  /** A score of every patch of pictures [N, 3, H, W], H and W at least 24. */
  private Tensor scores(Tensor pictures) {
    Tensor x = pictures;
    for (Layer layer : layers) {
      x = layer.convolution.forward(x);
      // Statistics of the batch, as always in training; there is no other use.
      x = layer.norm == null ? x : layer.norm.forward(x, Mode.training(0, 0));
      x = sub(relu(x), scale(relu(neg(x)), SLOPE));
    }
    return last.forward(x);
  }

  /** The hinge loss of telling real from made, both [N, 3, H, W]; one element []. */
  public Tensor loss(Tensor real, Tensor made) {
    Tensor missed = mean(relu(affine(scores(real), -1f, 1f)));
    Tensor believed = mean(relu(affine(scores(made), 1f, 1f)));
    return scale(add(missed, believed), 0.5f);
  }

  /**
   * What the maker of pictures [N, 3, H, W] minimises: their negative mean score, one element [].
   */
  public Tensor fooled(Tensor made) {
    return neg(mean(scores(made)));
  }
}
