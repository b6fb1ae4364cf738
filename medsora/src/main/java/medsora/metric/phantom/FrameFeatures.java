package medsora.metric.phantom;

import engine.autodiff.Tape;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import medsora.dino.Vit;
import medsora.metric.network.FeatureNetwork;

/**
 * Features of a clip's frames, one after the other: of each the class token after the last block
 * and the standard deviation over the tokens of its patches: what it shows, and how much it differs
 * from place to place. Frames are seen at 64x64 ({@code Pillow} bilinear, antialiased), as luma,
 * red less blue, and detail.
 */
public final class FrameFeatures implements FeatureNetwork {
  private final Vit network;
  private final int length;

  /**
   * Features of clips.
   *
   * @param length of them, in frames
   */
  FrameFeatures(Vit network, int length) {
    if (length < 1) {
      throw new IllegalArgumentException("[phantom features] clips of " + length + " frames");
    }
    this.network = network;
    this.length = length;
  }

  @Override
  public String name() {
    return "phantom-frames "
        + sha256().substring(0, 12)
        + ", luma, red less blue and detail at Pillow bilinear 64";
  }

  /** The hash of the weights. */
  public String sha256() {
    return PhantomFeatures.sha256(network);
  }

  /** Features of one frame; a clip has so many for each. */
  public int width() {
    return 2 * network.config().width();
  }

  @Override
  public int dimensions() {
    return length * width();
  }

  @Override
  public int frames() {
    return length;
  }

  @Override
  public Tensor features(Tensor bytes) {
    require(bytes, length);
    int n = bytes.dim(0);
    float[] out = new float[n * dimensions()];
    for (int i = 0; i < n; i++) {
      System.arraycopy(ofFrames(clip(bytes, i)), 0, out, i * dimensions(), dimensions());
    }
    return Tensor.of(Shape.of(n, dimensions()), out);
  }

  /** The features of one clip, its frames as bytes [t, 3, h, w]. */
  float[] ofFrames(Tensor frames) {
    int t = frames.dim(0);
    int width = network.config().width();
    float[] out = new float[t * 2 * width];
    try (Tape scope = Tape.noGrad()) {
      Tensor last = network.layers(Seen.frames(frames)).getLast();
      int tokens = last.dim(1);
      float[] x = last.toArray();
      for (int i = 0; i < t; i++) {
        int from = i * tokens * width;
        System.arraycopy(x, from, out, 2 * i * width, width);
        for (int j = 0; j < width; j++) {
          Spread spread = Spread.of(x, from + width + j, width, tokens - 1);
          out[(2 * i + 1) * width + j] = (float) spread.deviation();
        }
      }
    }
    return out;
  }

  static void require(Tensor bytes, int length) {
    Shape s = bytes.shape();
    ShapeException.require(
        s.rank() == 5 && s.dim(1) == 3 && s.dim(2) == length && s.dim(3) > 0 && s.dim(4) > 0,
        "phantom features",
        "wants bytes [n,3,%d,h,w], got %s",
        length,
        s);
  }

  /** Clip i of [n, 3, t, h, w] as pictures [t, 3, h, w]. */
  static Tensor clip(Tensor bytes, int i) {
    int t = bytes.dim(2);
    int plane = bytes.dim(3) * bytes.dim(4);
    float[] all = bytes.toArray();
    float[] out = new float[3 * t * plane];
    for (int k = 0; k < 3 * t; k++) {
      int from = (i * 3 + k % 3) * t + k / 3;
      System.arraycopy(all, from * plane, out, k * plane, plane);
    }
    return Tensor.of(Shape.of(t, 3, bytes.dim(3), bytes.dim(4)), out);
  }
}
