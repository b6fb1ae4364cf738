package medsora.metric.network;

import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;

/**
 * Features that want no weights: the means of a clip's colours over a grid of 4 parts of time and
 * 8x8 parts of the picture, in 0..255. Clips that are copies of each other are near by them, and
 * hardly any others: they are for finding copies, and no judge of quality.
 */
public final class Thumbnails implements FeatureNetwork {
  private static final int TIMES = 4;
  private static final int EDGE = 8;
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
    int times = Math.min(TIMES, frames);
    int volume = frames * s.dim(3) * s.dim(4);
    float[] out = new float[s.dim(0) * dimensions()];
    for (int i = 0; i < out.length; i++) {
      int column = i % EDGE;
      int row = i / EDGE % EDGE;
      int time = i / (EDGE * EDGE) % times;
      int picture = i / (EDGE * EDGE * times);
      Part t = Part.of(time, times, frames);
      Part h = Part.of(row, EDGE, s.dim(3));
      Part w = Part.of(column, EDGE, s.dim(4));
      out[i] = (float) (sum(x, picture * volume, t, h, w, s) / ((double) t.n() * h.n() * w.n()));
    }
    return Tensor.of(Shape.of(s.dim(0), dimensions()), out);
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

  private static double sum(float[] x, int at, Part t, Part h, Part w, Shape s) {
    double sum = 0;
    for (int a = t.from; a < t.to; a++) {
      for (int b = h.from; b < h.to; b++) {
        for (int c = w.from; c < w.to; c++) {
          sum += x[at + (a * s.dim(3) + b) * s.dim(4) + c];
        }
      }
    }
    return sum;
  }
}
