package medsora.perceptual;

import static engine.op.elementwise.Elementwise.affine;
import static engine.op.elementwise.Elementwise.div;
import static engine.op.elementwise.Elementwise.sqrt;
import static engine.op.elementwise.Elementwise.square;
import static engine.op.elementwise.Elementwise.sub;
import static engine.op.layout.Layout.reshape;
import static engine.op.reduce.Reduce.mean;
import static engine.op.reduce.Reduce.sum;

import engine.io.Printable;
import engine.io.RenamedTensors;
import engine.io.TensorSource;
import engine.op.elementwise.Elementwise;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import nn.Module;
import nn.init.Init;
import nn.io.Weights;
import nn.layer.Conv2d;
import nn.layer.Kernel2;

/**
 * Learned perceptual similarity of pictures, version 0.1 (Zhang et al. 2018): features of a
 * classifier, brought to length 1 at each place, their squared differences weighted by channel,
 * averaged over places and added over layers. Frozen; gradients run through it to the pictures.
 */
public final class Lpips {
  /** The mean and deviation of ImageNet, for pictures in [-1, 1]. */
  private static final Tensor SHIFT = colours(-0.030f, -0.088f, -0.188f);

  private static final Tensor SCALE = colours(0.458f, 0.448f, 0.450f);

  /** Added to the length of features, as published. */
  private static final float EPS = 1e-10f;

  /** Where all features are 0 the root has no slope; this is too little to show elsewhere. */
  private static final float UNDER_ROOT = 1e-20f;

  private static final String FEATURES = "features.";

  private final Trunk trunk;
  private final List<Conv2d> heads = new ArrayList<>();
  private final HeadList list;

  public Lpips(TrunkKind kind) {
    this.trunk = new Trunk(kind);
    kind.channels().forEach(channels -> heads.add(head(channels)));
    this.list = new HeadList(heads);
    trunk.setTrainable(false);
    list.setTrainable(false);
  }

  /**
   * Reads published weights.
   *
   * @param trunk torchvision's state dict of AlexNet, VGG-16 or SqueezeNet 1.1; its classifier is
   *     not looked at
   * @param heads LPIPS's of the same network
   * @throws IOException listing names that are missing or unexpected
   */
  public static Lpips load(Path trunk, Path heads) throws IOException {
    try (TensorSource features = RenamedTensors.bare(TensorSource.open(trunk));
        TensorSource lines = RenamedTensors.bare(TensorSource.open(heads))) {
      Lpips lpips = new Lpips(kind(heads, lines));
      Weights.load(features, FEATURES, lpips.trunk);
      Weights.load(lines, "", lpips.list);
      return lpips;
    }
  }

  /** Each has another number of heads, or of channels in the second. */
  private static TrunkKind kind(Path path, TensorSource heads) throws IOException {
    for (TrunkKind kind : TrunkKind.values()) {
      String second = HeadList.name(1) + ".weight";
      boolean count = heads.names().size() == kind.channels().size() && heads.contains(second);
      if (count
          && heads.shape(second).length == 4
          && heads.shape(second)[1] == kind.channels().get(1)) {
        return kind;
      }
    }
    throw new IOException(
        "[lpips] %s: no heads of AlexNet, VGG-16 or SqueezeNet, such as lin0.model.1.weight [1,64,1,1]; it has %s"
            .formatted(path, Printable.brief(heads.names().toString())));
  }

  /** The classifier. */
  public Trunk trunk() {
    return trunk;
  }

  /** The weights of channels, named as in LPIPS's files. */
  public Module heads() {
    return list;
  }

  /** A hash of all weights. */
  public String sha256() {
    return Weights.sha256(trunk.stateDict()) + "+" + Weights.sha256(list.stateDict());
  }

  /**
   * The distance of each pair of pictures.
   *
   * @param a [N, 3, H, W] in [-1, 1]
   * @param b of the same shape
   * @return [N], 0 for equal pictures
   */
  public Tensor distances(Tensor a, Tensor b) {
    return layers(a, b).stream().reduce(Elementwise::add).orElseThrow();
  }

  /** What each layer adds, [N] each. */
  public List<Tensor> layers(Tensor a, Tensor b) {
    ShapeException.require(
        a.shape().equals(b.shape()) && a.shape().rank() == 4 && a.dim(1) == 3,
        "lpips",
        "wants two pictures of one shape [N,3,H,W]: a=%s b=%s",
        a.shape(),
        b.shape());
    List<Tensor> first = trunk.features(scaled(a));
    List<Tensor> second = trunk.features(scaled(b));
    List<Tensor> out = new ArrayList<>();
    for (int i = 0; i < heads.size(); i++) {
      Tensor difference = square(sub(unit(first.get(i)), unit(second.get(i))));
      Tensor weighted = heads.get(i).forward(difference);
      out.add(reshape(mean(weighted, 1, 4), weighted.dim(0)));
    }
    return out;
  }

  private static Tensor scaled(Tensor x) {
    return div(sub(x, SHIFT), SCALE);
  }

  private static Tensor colours(float... rgb) {
    return Tensor.of(Shape.of(3, 1, 1), rgb);
  }

  /** Features over their length at each place. */
  private static Tensor unit(Tensor x) {
    Shape s = x.shape();
    Tensor squares = reshape(sum(square(x), 1, 2), s.dim(0), 1, s.dim(2), s.dim(3));
    return div(x, affine(sqrt(affine(squares, 1f, UNDER_ROOT)), 1f, EPS));
  }

  /** The weights of one layer's channels. */
  private static Conv2d head(int channels) {
    return Conv2d.withoutBias(channels, 1, Kernel2.of(1), 1, Init.ones());
  }

  /** The heads under the names of their file. */
  private static final class HeadList extends Module {
    HeadList(List<Conv2d> heads) {
      for (int i = 0; i < heads.size(); i++) {
        child(name(i), heads.get(i));
      }
    }

    static String name(int i) {
      return "lin" + i + ".model.1";
    }
  }
}
