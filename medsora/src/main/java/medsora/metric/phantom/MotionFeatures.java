package medsora.metric.phantom;

import engine.autodiff.Tape;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import medsora.dino.Vit;
import medsora.metric.network.FeatureNetwork;

/**
 * Features of how a clip moves: the mean and the standard deviation over time of the class tokens
 * of its flow pictures. Flow is TV-L1's from each frame to the next at 48x48 ({@code Pillow}
 * bilinear, antialiased).
 */
public final class MotionFeatures implements FeatureNetwork {
  private final Vit network;
  private final int length;

  /**
   * Features of clips.
   *
   * @param length of them, in frames, at least 2
   */
  MotionFeatures(Vit network, int length) {
    if (length < 2) {
      throw new IllegalArgumentException("[phantom features] motion of " + length + " frames");
    }
    this.network = network;
    this.length = length;
  }

  @Override
  public String name() {
    return "phantom-motion " + sha256().substring(0, 12) + ", TV-L1 at Pillow bilinear 48";
  }

  /** The hash of the weights. */
  public String sha256() {
    return PhantomFeatures.sha256(network);
  }

  @Override
  public int dimensions() {
    return 2 * network.config().width();
  }

  @Override
  public int frames() {
    return length;
  }

  @Override
  public Tensor features(Tensor bytes) {
    FrameFeatures.require(bytes, length);
    int n = bytes.dim(0);
    float[] out = new float[n * dimensions()];
    for (int i = 0; i < n; i++) {
      float[] one = ofFrames(FrameFeatures.clip(bytes, i));
      System.arraycopy(one, 0, out, i * dimensions(), dimensions());
    }
    return Tensor.of(Shape.of(n, dimensions()), out);
  }

  /** The features of one clip, its frames as bytes [t, 3, h, w]. */
  float[] ofFrames(Tensor frames) {
    try (Tape scope = Tape.noGrad()) {
      Tensor pictures = Seen.motion(Seen.flow(frames));
      return summary(network.forward(pictures).toArray(), network.config().width());
    }
  }

  /** Mean and standard deviation of each feature over rows [t, width]. */
  private static float[] summary(float[] rows, int width) {
    float[] out = new float[2 * width];
    int t = rows.length / width;
    for (int j = 0; j < width; j++) {
      Spread spread = Spread.of(rows, j, width, t);
      out[j] = (float) spread.mean();
      out[width + j] = (float) spread.deviation();
    }
    return out;
  }
}
