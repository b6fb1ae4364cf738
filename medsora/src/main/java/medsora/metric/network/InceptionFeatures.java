package medsora.metric.network;

import static engine.op.elementwise.Elementwise.affine;

import engine.autodiff.Tape;
import engine.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import medsora.metric.resample.Bilinear;

/** The features of FID and the classes of IS: {@link Inception} of pictures resized to 299x299. */
public final class InceptionFeatures implements ClassifyingNetwork {
  private static final int TOGETHER = 8;
  private static final float WHITE = 255;
  private static final float HALF = 128;

  /** Which program's feature it is; never to be mixed. */
  public enum Variant {
    /** StyleGAN-V's and torch-fidelity's: TensorFlow 1's bilinear, then (x - 128) / 128. */
    TENSORFLOW("TensorFlow 1 bilinear, (x - 128) / 128"),

    /** pytorch-fid's: half-pixel bilinear, then 2 x / 255 - 1. */
    PYTORCH_FID("half-pixel bilinear, 2 x / 255 - 1");

    private final String preparation;

    Variant(String preparation) {
      this.preparation = preparation;
    }
  }

  private final Inception network;
  private final Variant variant;

  /**
   * @param network with its weights, which are fixed
   */
  public InceptionFeatures(Inception network, Variant variant) {
    network.fix();
    this.network = network;
    this.variant = variant;
  }

  /**
   * Reads weights under torchvision's names (pt_inception-2015-12-05-6726825d.pth) or those of
   * NVIDIA's archive (inception-2015-12-05.pt).
   *
   * @throws IOException listing names that are missing or unexpected
   */
  public static InceptionFeatures load(Path weights, Variant variant) throws IOException {
    Inception network = new Inception();
    PublishedWeights.load("Inception", weights, network, InceptionNames.all());
    return new InceptionFeatures(network, variant);
  }

  @Override
  public String name() {
    return "Inception 2015-12-05 pool3, 299 by " + variant.preparation;
  }

  @Override
  public int dimensions() {
    return Inception.WIDTH;
  }

  @Override
  public int frames() {
    return 1;
  }

  @Override
  public int classes() {
    return Inception.CLASSES;
  }

  @Override
  public Tensor features(Tensor bytes) {
    Batches.require("inception", bytes, 1, 1);
    return Batches.map(
        Batches.pictures(bytes),
        TOGETHER,
        dimensions(),
        pictures -> network.forward(prepared(pictures), Observer.NONE));
  }

  /** What the network sees of bytes [n,3,h,w]: [n,3,299,299]. */
  public Tensor prepared(Tensor bytes) {
    int side = Inception.SIDE;
    return variant == Variant.TENSORFLOW
        ? affine(Bilinear.tensorFlow1(bytes, side, side), 1 / HALF, -1)
        : affine(Bilinear.torch(bytes, side, side), 2 / WHITE, -1);
  }

  /** Without the bias of the output, as the score has it. */
  @Override
  public Tensor logits(Tensor features) {
    try (Tape scope = Tape.noGrad()) {
      Tensor y = network.logits(features, false);
      return Tensor.of(y.shape(), y.toArray());
    }
  }
}
