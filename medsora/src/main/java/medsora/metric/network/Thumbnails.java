package medsora.metric.network;

import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Features that want no weights: the means of a clip's colours over a grid of 4 parts of time and
 * 8x8 parts of the picture, in 0..255. Clips that are copies of each other are near by them, and
 * hardly any others: they are for finding copies, and no judge of quality.
 */
public final class Thumbnails implements FeatureNetwork {
  private static final int TIMES = 4;
  private static final int EDGE = 8;
  private static final int CELLS = EDGE * EDGE;
  private static final int COLOURS = 3;

  private final int frames;

  /**
   * Thumbnails of clips.
   *
   * @param frames of a clip, at least 1
   */
  public Thumbnails(int frames) {
    if (frames < 1) {
      throw new IllegalArgumentException("[thumbnails] clips of " + frames + " frames");
    }
    this.frames = frames;
  }

  @Override
  public String name() {
    return "thumbnails";
  }

  @Override
  public int dimensions() {
    return COLOURS * Math.min(TIMES, frames) * EDGE * EDGE;
  }

  @Override
  public int frames() {
    return frames;
  }

  /**
   * Means over parts of clips of at least 8x8.
   *
   * @param bytes [n, 3, t, h, w]
   * @return [n, dimensions]
   */
  @Override
  public Tensor features(Tensor bytes) {
    Shape s = bytes.shape();
    ShapeException.require(
        s.rank() == 5
            && s.dim(1) == COLOURS
            && s.dim(2) == frames
            && s.dim(3) >= EDGE
            && s.dim(4) >= EDGE,
        "thumbnails",
        "wants [n,3,%d,h,w] with h and w of at least 8, got %s",
        frames,
        s);
    float[] x = bytes.toArray();
    float[] out = new float[s.dim(0) * dimensions()];
    for (int n = 0; n < s.dim(0); n++) {
      List<double[]> sums = new ArrayList<>();
      for (int t = 0; t < frames; t++) {
        sums.add(sums(x, (n * COLOURS * frames + t) * s.dim(3) * s.dim(4), frames, s));
      }
      System.arraycopy(of(sums, s.dim(3), s.dim(4)), 0, out, n * dimensions(), dimensions());
    }
    return Tensor.of(Shape.of(s.dim(0), dimensions()), out);
  }

  /**
   * The sums of a frame's colours over the parts of the picture, of which {@link #of} makes the
   * thumbnail of any clip that the frame is in.
   *
   * @param frame bytes [1, 3, 1, h, w] in 0..255, h and w at least 8
   */
  public static double[] sums(Tensor frame) {
    return sums(frame.toArray(), 0, 1, frame.shape());
  }

  /**
   * The thumbnail of a clip: whole numbers are summed, so that it has the bits of {@link
   * #features}.
   *
   * @param sums of its frames
   * @param height of them
   * @param width of them
   */
  public float[] of(List<double[]> sums, int height, int width) {
    int times = Math.min(TIMES, frames);
    float[] out = new float[dimensions()];
    for (int i = 0; i < out.length; i++) {
      int cell = i % CELLS;
      int colour = i / (CELLS * times);
      Part t = Part.of(i / CELLS % times, times, frames);
      double sum = 0;
      for (int a = t.from; a < t.to; a++) {
        sum += sums.get(a)[colour * CELLS + cell];
      }
      int rows = Part.of(cell / EDGE, EDGE, height).n();
      int columns = Part.of(cell % EDGE, EDGE, width).n();
      out[i] = (float) (sum / ((double) t.n() * rows * columns));
    }
    return out;
  }

  /** From one place of an axis to another. */
  private record Part(int from, int to) {
    static Part of(int part, int parts, int extent) {
      return new Part(part * extent / parts, (part + 1) * extent / parts);
    }

    int n() {
      return to - from;
    }
  }

  /**
   * Of one frame.
   *
   * @param at where its first colour begins
   * @param apart frames from one colour's plane to the next one's
   */
  private static double[] sums(float[] x, int at, int apart, Shape s) {
    int plane = s.dim(3) * s.dim(4);
    double[] out = new double[COLOURS * CELLS];
    for (int i = 0; i < out.length; i++) {
      Part h = Part.of(i / EDGE % EDGE, EDGE, s.dim(3));
      Part w = Part.of(i % EDGE, EDGE, s.dim(4));
      int first = at + i / CELLS * apart * plane;
      for (int b = h.from; b < h.to; b++) {
        for (int c = w.from; c < w.to; c++) {
          out[i] += x[first + b * s.dim(4) + c];
        }
      }
    }
    return out;
  }
}
