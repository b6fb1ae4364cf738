package medsora.metric.network;

import static engine.op.elementwise.Elementwise.affine;

import engine.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import medsora.metric.resample.Bilinear;

/** The features of FVD: {@link I3d}'s logits of clips whose frames are resized to 224x224. */
public final class I3dFeatures implements FeatureNetwork {
  /** Side of the frames that the network sees. */
  public static final int SIDE = 224;

  private static final int FRAMES = 16;

  /** The pool wants two steps of time, each of 8 frames. */
  private static final int LEAST = 9;

  /** Longer clips take more memory at once; 32 frames are four of the pool's steps. */
  private static final int MOST = 64;

  private static final int TOGETHER = 2;
  private static final float WHITE = 255;

  /** Which program's feature it is; their values differ. */
  public enum Variant {
    /** StyleGAN-V's and its ports': half-pixel bilinear. */
    STYLEGAN_V("half-pixel bilinear", I3d.EPS),

    /** The original's: TensorFlow 1's bilinear. */
    TENSORFLOW("TensorFlow 1 bilinear", I3d.EPS),

    /** VideoGPT's, TATS' and CD-FVD's: half-pixel bilinear, and another eps. */
    COPIES("half-pixel bilinear", I3d.COPIES_EPS);

    private final String resizing;
    private final double eps;

    Variant(String resizing, double eps) {
      this.resizing = resizing;
      this.eps = eps;
    }

    /** What the network adds to variances. */
    public double eps() {
      return eps;
    }
  }

  private final I3d network;
  private final Variant variant;

  /**
   * @param network with its weights, which are fixed, and the variant's eps
   */
  public I3dFeatures(I3d network, Variant variant) {
    network.fix();
    this.network = network;
    this.variant = variant;
  }

  /**
   * Reads weights under the names of piergiaj's port (i3d_pretrained_400.pt), hassony2's or
   * TensorFlow's.
   *
   * @throws IOException listing names that are missing or unexpected
   */
  public static I3dFeatures load(Path weights, Variant variant) throws IOException {
    return new I3dFeatures(read(weights, variant.eps()), variant);
  }

  /** The network of such a file. */
  public static I3d read(Path weights, double eps) throws IOException {
    I3d network = new I3d(eps);
    PublishedWeights.load("I3D", weights, network, I3dNames.all());
    return network;
  }

  @Override
  public String name() {
    return "I3D Kinetics-400 logits, 224 by %s, eps %s".formatted(variant.resizing, variant.eps);
  }

  @Override
  public int dimensions() {
    return I3d.CLASSES;
  }

  @Override
  public int frames() {
    return FRAMES;
  }

  /** As declared; t may be any number from 9 to 64. */
  @Override
  public Tensor features(Tensor bytes) {
    Batches.require("i3d", bytes, LEAST, MOST);
    return Batches.map(bytes, TOGETHER, dimensions(), clips -> network.forward(prepared(clips)));
  }

  /** What the network sees of bytes [n,3,t,h,w]: [n,3,t,224,224] in -1..1. */
  public Tensor prepared(Tensor bytes) {
    Tensor resized =
        variant == Variant.TENSORFLOW
            ? Bilinear.tensorFlow1(bytes, SIDE, SIDE)
            : Bilinear.torch(bytes, SIDE, SIDE);
    return affine(resized, 2 / WHITE, -1);
  }
}
