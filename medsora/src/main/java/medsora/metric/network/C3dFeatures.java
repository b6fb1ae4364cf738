package medsora.metric.network;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.elementwise.Elementwise.affine;
import static engine.op.elementwise.Elementwise.scale;
import static engine.op.elementwise.Elementwise.sub;

import engine.autodiff.Tape;
import engine.io.TensorSource;
import engine.op.layout.Layout;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import medsora.metric.resample.Bilinear;

/** The classes of the inception score of clips: {@link C3d} as tgan2 prepares its input. */
public final class C3dFeatures implements ClassifyingNetwork {
  private static final int TOGETHER = 2;
  private static final float HALF = 128;
  private static final float WHITE = 255;

  /** Of a mean cube of larger frames the rows and columns from here on are used. */
  private static final int CROP = 8;

  private static final String KNOWN = "conv1a.weight";

  private final C3d network;
  private final Tensor mean;

  /**
   * @param network with its weights
   * @param mean cube [3, 16, H, W] of bytes, blue first; H and W at least 120
   */
  public C3dFeatures(C3d network, Tensor mean) {
    int end = CROP + C3d.SIDE;
    ShapeException.require(
        mean.shape().rank() == 4
            && mean.dim(0) == 3
            && mean.dim(1) == C3d.FRAMES
            && mean.dim(2) >= end
            && mean.dim(3) >= end,
        "c3d",
        "wants a mean [3,16,H,W] of at least 120x120, got %s",
        mean.shape());
    this.network = network;
    try (Tape scope = Tape.noGrad()) {
      Tensor cut = Layout.slice(Layout.slice(mean, 2, CROP, end), 3, CROP, end);
      this.mean = Tensor.of(cut.shape(), cut.toArray());
    }
  }

  /**
   * Reads weights, by layers (conv1a.weight) or as Chainer names them (conv1a/W).
   *
   * @param mean a file of one tensor, the mean cube: NumPy's .npz, or any that weights come in
   * @throws IOException listing names that are missing or unexpected
   */
  public static C3dFeatures load(Path weights, Path mean) throws IOException {
    C3d network = read(weights);
    return new C3dFeatures(network, NumpyArchive.is(mean) ? NumpyArchive.only(mean) : only(mean));
  }

  /**
   * The network of such a file.
   *
   * @throws IOException listing names that are missing or unexpected
   */
  public static C3d read(Path weights) throws IOException {
    C3d network = new C3d();
    PublishedWeights.load(
        "C3D",
        weights,
        network,
        List.of(
            Naming.own(KNOWN, name -> false),
            Naming.renamed(KNOWN, C3dFeatures::chainer, name -> false)));
    return network;
  }

  private static Tensor only(Path mean) throws IOException {
    try (TensorSource file = TensorSource.open(mean)) {
      if (file.names().size() != 1) {
        throw new IOException(
            "[c3d] %s holds %d tensors; the mean cube is one".formatted(mean, file.names().size()));
      }
      String name = file.names().getFirst();
      int[] dims = Arrays.stream(file.shape(name)).mapToInt(Math::toIntExact).toArray();
      return Tensor.of(Shape.of(dims), file.floats(name));
    }
  }

  private static String chainer(String entry) {
    return entry.replace(".weight", "/W").replace(".bias", "/b");
  }

  @Override
  public String name() {
    return "C3D UCF-101, 112 by aligned-corner bilinear less the mean cube";
  }

  @Override
  public int dimensions() {
    return C3d.WIDTH;
  }

  @Override
  public int frames() {
    return C3d.FRAMES;
  }

  @Override
  public int classes() {
    return C3d.CLASSES;
  }

  @Override
  public Tensor features(Tensor bytes) {
    Batches.require("c3d", bytes, frames(), frames());
    return Batches.map(
        bytes,
        TOGETHER,
        dimensions(),
        clips -> network.forward(prepared(affine(clips, 2 / WHITE, -1)), Observer.NONE));
  }

  /**
   * What the network sees.
   *
   * @param clips [n, 3, 16, h, w], red first, in -1..1
   * @return [n, 3, 16, 112, 112], blue first, in bytes less the mean
   */
  public Tensor prepared(Tensor clips) {
    Tensor bgr = scale(Layout.flip(clips, 1), HALF);
    Tensor resized = Bilinear.corners(bgr, C3d.SIDE, C3d.SIDE);
    return sub(add(resized, Tensor.scalar(HALF)), mean);
  }

  @Override
  public Tensor logits(Tensor features) {
    try (Tape scope = Tape.noGrad()) {
      Tensor y = network.logits(features);
      return Tensor.of(y.shape(), y.toArray());
    }
  }
}
