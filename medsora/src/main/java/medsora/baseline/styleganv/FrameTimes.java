package medsora.baseline.styleganv;

import engine.tensor.Shape;
import engine.tensor.Tensor;

/**
 * Times of frames, and where they lie between the moments that have codes.
 *
 * @param t in frames, from 0 on; fractions are allowed
 * @param distance frames from one moment to the next
 */
public record FrameTimes(float[] t, int distance) {
  /** Of larger ones float32 would not tell a tenth of a frame. */
  private static final float MOST = 1 << 18;

  public FrameTimes {
    for (float at : t) {
      if (!(at >= 0 && at <= MOST)) {
        throw new IllegalArgumentException(
            "[styleganv] times of frames want 0 to %.0f, got %s".formatted(MOST, at));
      }
    }
  }

  /** How many frames. */
  public int count() {
    return t.length;
  }

  /** The moment at or before each frame. */
  public int[] leftIndex() {
    int[] left = new int[t.length];
    for (int i = 0; i < left.length; i++) {
      left[i] = (int) (t[i] / distance);
    }
    return left;
  }

  /** The times themselves, [frames, 1]. */
  Tensor times() {
    return column(i -> t[i]);
  }

  /** Times of the moments at or before, [frames, 1]. */
  public Tensor left() {
    return column(i -> t[i] - t[i] % distance);
  }

  /** Times of the moments after, [frames, 1]. */
  public Tensor right() {
    return column(i -> t[i] - t[i] % distance + distance);
  }

  /** How far each frame is on its way from left to right, [frames, 1] from 0 to 1. */
  public Tensor way() {
    return column(i -> t[i] % distance / distance);
  }

  /** One float32 of each frame. */
  private interface OfFrame {
    float at(int frame);
  }

  private Tensor column(OfFrame f) {
    return Tensor.generate(Shape.of(t.length, 1), f::at);
  }
}
